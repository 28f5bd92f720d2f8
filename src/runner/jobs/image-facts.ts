/** Sizes, bytes and dates of some images of a set: by what one of a group of copies is chosen to be kept. */
import sharp from 'sharp';
import { MAX_PIXELS, openOriginals, type Originals } from '../../data';
import { messageOf, UserError } from '../../shared/errors';
import type { CopyFacts } from '../../shared/explorer/copies';
import { breathe, type RunJob } from '../job';
import { resourcesDirectory } from '../resources';

export const imageFacts: RunJob<'image-facts'> = async ({ dataPath, cacheDirectory, images }, context) => {
  const nothing = { width: null, height: null, bytes: null, changedAt: null };
  let originals: Originals;
  try {
    originals = await openOriginals(dataPath, { cacheDirectory, resourcesDirectory, signal: context.signal });
  } catch (error) {
    // The folder is gone: that is what is to be known of each image.
    if (!(error instanceof UserError)) throw error;
    return images.map((image): CopyFacts => ({ ...image, ...nothing, problem: error.message }));
  }
  try {
    const facts: CopyFacts[] = [];
    for (const image of images) {
      try {
        facts.push({ ...image, ...(await factsOf(originals, image.name)), problem: null });
      } catch (error) {
        facts.push({ ...image, ...nothing, problem: messageOf(error) });
      }
      await breathe(context);
    }
    return facts;
  } finally {
    originals.close();
  }
};

async function factsOf(
  originals: Originals,
  name: string,
): Promise<Pick<CopyFacts, 'width' | 'height' | 'bytes' | 'changedAt'>> {
  const index = originals.indexOf(name);
  if (index === undefined) throw new Error(`It is not in ${originals.path} any more`);
  const { content, changedAt } = await originals.file(index);
  const { width, height, autoOrient } = await sharp(content, { limitInputPixels: MAX_PIXELS }).metadata();
  return {
    width: autoOrient.width || width,
    height: autoOrient.height || height,
    bytes: content.length,
    changedAt,
  };
}
