/** Size, bytes and date of one image of a set: by what one of a group of copies is chosen to be kept. */
import sharp from 'sharp';
import { MAX_PIXELS, type OriginalFile } from '../../data';
import { messageOf } from '../../shared/errors';
import type { CopyFacts } from '../../shared/explorer/copies';

const NOTHING = { width: null, height: null, bytes: null, changedAt: null };

/** @param open reads the file; what it throws is the image's problem. */
export async function factsOfImage(
  image: Pick<CopyFacts, 'row' | 'name'>,
  open: () => OriginalFile | Promise<OriginalFile>,
): Promise<CopyFacts> {
  try {
    const { content, changedAt } = await open();
    const { width, height, autoOrient } = await sharp(content, { limitInputPixels: MAX_PIXELS }).metadata();
    return {
      ...image,
      width: autoOrient.width || width,
      height: autoOrient.height || height,
      bytes: content.length,
      changedAt,
      problem: null,
    };
  } catch (error) {
    return { ...image, ...NOTHING, problem: messageOf(error) };
  }
}
