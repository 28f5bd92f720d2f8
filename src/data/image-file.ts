/** One image file that a user gives, decoded as those of data sets are, and said what it is. */
import sharp from 'sharp';
import { messageOf, UserError } from '../shared/errors';
import { decodeImage, MAX_PIXELS } from './decode-worker';
import { thumbnailOf, uprightSize } from './thumbnail';

export interface ImageFacts {
  /** Upright, px. */
  readonly width: number;
  readonly height: number;
  /** "JPEG", "PNG", ... */
  readonly format: string;
  /** What was done to it, as sentences without a full stop. */
  readonly notes: readonly string[];
}

/** Decoded whole to this side to see that it can be, px. */
const PROBED = 32;

/**
 * @param name for messages.
 * @throws UserError with the reason where it is no image that can be read: nothing but raster images is, and nothing is
 *   ever fetched.
 */
export async function inspectImage(content: Buffer, name: string): Promise<ImageFacts> {
  const stranger = strangerIn(content);
  if (stranger) throw new UserError(`${name} is ${stranger.what}.`, stranger.hint);
  const { format } = await decodeFile(content, PROBED, name);
  const {
    pages = 1,
    space,
    depth,
    orientation = 1,
    hasAlpha,
    autoOrient,
  } = await sharp(content, {
    limitInputPixels: MAX_PIXELS,
  }).metadata();
  const notes = [
    pages > 1 && `First of ${pages} ${format === 'tiff' ? 'pages' : 'frames'}`,
    space === 'cmyk' && 'CMYK, converted to sRGB',
    (depth === 'ushort' || depth === 'float') &&
      `${depth === 'ushort' ? 16 : 32} bits a channel, reduced to 8`,
    orientation > 1 && 'Turned upright, as its EXIF data say',
    hasAlpha && 'Transparent parts laid over white',
  ];
  return {
    width: autoOrient.width,
    height: autoOrient.height,
    format: format.toUpperCase(),
    notes: notes.filter((note) => note !== false),
  };
}

/**
 * As an encoder sees it: exactly what `Dataset` holds of such a file.
 * @returns pixels [imageSize, imageSize, 3], sRGB 0-255. @throws UserError with the reason.
 */
export async function decodeFile(
  content: Buffer,
  imageSize: number,
  name: string,
): Promise<{ format: string; width: number; height: number; pixels: Uint8Array }> {
  try {
    return await decodeImage(content, imageSize);
  } catch (error) {
    throw cannotRead(name, error);
  }
}

/** Of the upright image, px. @throws UserError with the reason. */
export async function sizeOfFile(content: Buffer, name: string): Promise<{ width: number; height: number }> {
  try {
    await decodeImage(content, PROBED);
    return await uprightSize(content, 'image');
  } catch (error) {
    throw cannotRead(name, error);
  }
}

/** @param size as thumbnailOf. @returns JPEG. @throws UserError with the reason. */
export async function thumbnailOfFile(
  content: Buffer,
  size: number,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    // Refuses what is no raster image before sharp sees it.
    await decodeImage(content, PROBED);
    return await thumbnailOf(content, 'image', size);
  } catch (error) {
    throw cannotRead(name, error);
  }
}

const cannotRead = (name: string, error: unknown): UserError =>
  new UserError(
    `${name} cannot be read: ${messageOf(error)}.`,
    'Give a JPEG, PNG, WebP, AVIF, TIFF or GIF image.',
  );

/** What is often dropped in place of an image. */
function strangerIn(content: Buffer): { what: string; hint: string } | null {
  const text = content
    .toString('utf8', 0, 1024)
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (/^https?:\/\/\S+/i.test(text))
    return {
      what: `a link to ${text.split(/\s/, 1)[0].slice(0, 80)}, not an image`,
      hint: 'Selvedge fetches nothing from the network: save the image first, then drop the file.',
    };
  if (/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)?(<!doctype svg[^>]*>\s*)?<svg[\s>]/i.test(text))
    return {
      what: 'an SVG drawing, which may load other files and is not opened',
      hint: 'Save it as PNG.',
    };
  if (/^(<!doctype html|<html|<head|<body|<img|<meta)/i.test(text))
    return { what: 'a piece of a web page, not an image', hint: 'Save the image first, then drop the file.' };
  return null;
}
