/** Sizes, bytes and dates of images by their names, for whoever has no search child to ask: the command line. */
import { openOriginals, type Originals } from '../../data';
import { UserError } from '../../shared/errors';
import type { CopyFacts } from '../../shared/explorer/copies';
import { factsOfImage } from '../copies/image-facts';
import { breathe, type RunJob } from '../job';
import { resourcesDirectory } from '../resources';

export const imageFacts: RunJob<'image-facts'> = async ({ dataPath, cacheDirectory, images }, context) => {
  const { signal } = context;
  const facts: CopyFacts[] = [];
  let originals: Originals;
  try {
    originals = await openOriginals(dataPath, { cacheDirectory, resourcesDirectory, signal });
  } catch (error) {
    // The folder is gone: that is what is to be known of each image.
    if (!(error instanceof UserError)) throw error;
    for (const image of images)
      facts.push(
        await factsOfImage(image, () => {
          throw error;
        }),
      );
    return facts;
  }
  try {
    for (const image of images) {
      facts.push(
        await factsOfImage(image, () => {
          const index = originals.indexOf(image.name);
          if (index === undefined) throw new Error(`It is not in ${originals.path} any more`);
          return originals.file(index);
        }),
      );
      await breathe(context);
    }
    return facts;
  } finally {
    originals.close();
  }
};
