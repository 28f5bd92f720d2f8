/** Images as people look at them, whole and upright: small pictures, and their size. */
import sharp from 'sharp';
import { LARGEST_THUMBNAIL } from '../shared/api/files';
import { interleaved, MAX_PIXELS } from './decode-worker';
import type { Item } from './source';

const QUALITY = { quality: 82 } as const;
/** So that what is seen at full size are the file's own faults, of JPEG too. */
const FINE = { quality: 96, chromaSubsampling: '4:4:4' } as const;

/**
 * The whole image, upright, transparent parts over white.
 * @param size of the longer side, px; a smaller image stays as it is. Above LARGEST_THUMBNAIL it is hardly compressed.
 * @returns JPEG. @throws Error whose message is the reason.
 */
export async function thumbnailOf(
  content: Buffer,
  encoding: Item['encoding'],
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const image =
    encoding === 'image'
      ? sharp(content, { limitInputPixels: MAX_PIXELS, autoOrient: true })
      : fromPixels(interleaved(content, encoding));
  const jpeg = image
    .resize(size, size, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg(size > LARGEST_THUMBNAIL ? FINE : QUALITY);
  return new Uint8Array(await jpeg.toBuffer());
}

/** Bare pixels as a file that every program reads. */
export const pngOf = (content: Buffer, encoding: 'planes' | 'columns'): Promise<Buffer> =>
  fromPixels(interleaved(content, encoding)).png().toBuffer();

const fromPixels = ({ side, pixels }: ReturnType<typeof interleaved>) =>
  sharp(pixels, { raw: { width: side, height: side, channels: 3 } });

/** Of the upright image, px. @throws Error whose message is the reason. */
export async function uprightSize(
  content: Buffer,
  encoding: Item['encoding'],
): Promise<{ width: number; height: number }> {
  if (encoding !== 'image') {
    const side = Math.sqrt(content.length / 3);
    return { width: side, height: side };
  }
  const { autoOrient } = await sharp(content, { limitInputPixels: MAX_PIXELS }).metadata();
  return { width: autoOrient.width, height: autoOrient.height };
}
