/**
 * The worker thread that turns image files into pixels. Kept in one file without imports of our own, so that it
 * runs from the build (`decode-worker.js`) and, by Node's type stripping, straight from the sources.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { crc32, inflateRawSync } from 'node:zlib';
import sharp from 'sharp';
import type { Item } from './source';

/** Images above this are skipped before they are unpacked: 268 megapixels, about 1 GB as RGBA. */
export const MAX_PIXELS = 2 ** 28;
/** No image file is that large; reading it whole would only fill the memory. */
const MAX_FILE_BYTES = 2 ** 30;

export interface WorkerSetup {
  role: 'selvedge-decode';
  imageSize: number;
}
export interface DecodeRequest {
  chunk: number;
  items: Item[];
}
/** What became of one image: its format and stored size in pixels, or why it is skipped. */
export type Outcome = { format: string; width: number; height: number } | { reason: string };
export interface DecodeReply {
  chunk: number;
  outcomes: Outcome[];
  /** [decoded, imageSize, imageSize, 3]: the images without a reason, in order. */
  pixels: Uint8Array<ArrayBuffer>;
}

interface Decoded {
  format: string;
  width: number;
  height: number;
  pixels: Uint8Array;
}

if (parentPort && isSetup(workerData)) serve(parentPort, workerData.imageSize);

function isSetup(data: unknown): data is WorkerSetup {
  return typeof data === 'object' && data !== null && 'role' in data && data.role === 'selvedge-decode';
}

function serve(port: MessagePort, imageSize: number): void {
  sharp.concurrency(1);
  sharp.cache(false);
  port.on('message', (request: DecodeRequest) => {
    void decodeChunk(request, imageSize).then((reply) => port.postMessage(reply, [reply.pixels.buffer]));
  });
}

async function decodeChunk({ chunk, items }: DecodeRequest, imageSize: number): Promise<DecodeReply> {
  const bytes = imageSize * imageSize * 3;
  const decoded: (Decoded | string)[] = [];
  const reader = new ItemReader();
  for (const item of items) {
    try {
      const content = reader.read(item);
      decoded.push(await decodeItem(content, item.encoding, imageSize));
    } catch (error) {
      decoded.push(error instanceof Error ? error.message : String(error));
    }
  }
  reader.close();
  const good = decoded.filter((image) => typeof image !== 'string');
  const pixels = new Uint8Array(good.length * bytes);
  good.forEach((image, i) => pixels.set(image.pixels, i * bytes));
  const outcomes = decoded.map((image): Outcome =>
    typeof image === 'string'
      ? { reason: image }
      : { format: image.format, width: image.width, height: image.height },
  );
  return { chunk, outcomes, pixels };
}

/**
 * An image file as 8-bit sRGB. EXIF orientation is applied, transparency is laid over white, gray becomes three
 * equal channels, CMYK and embedded profiles are converted, of an animation the first frame is taken. The shorter
 * side is scaled to `imageSize` (Lanczos, anti-aliased), the longer one cropped at its centre.
 * @returns pixels [imageSize, imageSize, 3]; width and height as stored in the file.
 * @throws Error whose message is the reason, fit for a list of skipped files.
 */
export async function decodeImage(content: Buffer, imageSize: number): Promise<Decoded> {
  if (content.length === 0) throw new Error('the file is empty (0 bytes)');
  const header = sniff(content);
  if (!header) throw new Error(`not an image: it begins with ${JSON.stringify(beginning(content))}`);
  if (header.format === 'bmp') throw new Error('BMP cannot be read; convert it to PNG');
  if (header.format === 'heic') throw new Error('HEIC cannot be read; convert it to JPEG');
  try {
    // Own headers save sharp's metadata call, a fifth of the time of a tiny image.
    const { width, height } = header.width
      ? header
      : await sharp(content, { limitInputPixels: MAX_PIXELS }).metadata();
    // 'error': damaged and truncated files fail, mere warnings (a bad EXIF tag, stray bytes) do not.
    const pixels = await sharp(content, { failOn: 'error', limitInputPixels: MAX_PIXELS, autoOrient: true })
      .resize(imageSize, imageSize, { fit: 'cover', position: 'centre' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
    if (pixels.length !== imageSize * imageSize * 3) throw new Error(`${pixels.length} bytes instead of RGB`);
    return { format: header.format, width, height, pixels };
  } catch (error) {
    throw new Error(explain(error, header), { cause: error });
  }
}

/** The pixels of an item as `decodeImage` gives them. @throws Error whose message is the reason. */
export const decodeItem = (
  content: Buffer,
  encoding: Item['encoding'],
  imageSize: number,
): Promise<Decoded> =>
  encoding === 'image' ? decodeImage(content, imageSize) : decodePlanes(content, encoding, imageSize);

/** An image as planes of one colour each. */
interface Planes {
  readonly side: number;
  /** [side, side, 3]. */
  readonly pixels: Uint8Array;
}

/** @param content [3, side, side], each plane row after row, or column after column. */
export function interleaved(content: Buffer, encoding: 'planes' | 'columns'): Planes {
  const area = content.length / 3;
  const side = Math.sqrt(area);
  const pixels = new Uint8Array(content.length);
  for (let channel = 0; channel < 3; channel++)
    for (let i = 0; i < area; i++) {
      const place = encoding === 'planes' ? i : (i % side) * side + Math.floor(i / side);
      pixels[place * 3 + channel] = content[channel * area + i];
    }
  return { side, pixels };
}

async function decodePlanes(
  content: Buffer,
  encoding: 'planes' | 'columns',
  imageSize: number,
): Promise<Decoded> {
  const { side, pixels } = interleaved(content, encoding);
  const raw = { width: side, height: side, channels: 3 } as const;
  const scaled =
    imageSize === side ? pixels : await sharp(pixels, { raw }).resize(imageSize, imageSize).raw().toBuffer();
  return { format: encoding === 'planes' ? 'cifar' : 'stl10', width: side, height: side, pixels: scaled };
}

/** Reads items; keeps the last file open, since an archive's items come in a row. */
export class ItemReader {
  private file = '';
  private fd = -1;

  /** @throws Error whose message is the reason. */
  read(item: Item): Buffer {
    if (item.length > MAX_FILE_BYTES || (item.zip?.size ?? 0) > MAX_FILE_BYTES) {
      throw new Error(`the file is over the limit of ${MAX_FILE_BYTES / 2 ** 30} GiB`);
    }
    this.open(item.file);
    return item.zip ? this.unzip(item, item.zip) : this.bytes(item.offset, item.length);
  }

  close(): void {
    if (this.fd >= 0) closeSync(this.fd);
    this.fd = -1;
    this.file = '';
  }

  private open(file: string): void {
    if (file === this.file) return;
    this.close();
    try {
      this.fd = openSync(file, 'r');
    } catch (error) {
      throw new Error(
        `cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})`,
        {
          cause: error,
        },
      );
    }
    this.file = file;
  }

  private bytes(offset: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const read = readSync(this.fd, buffer, done, length - done, offset + done);
      if (read === 0) throw new Error(`the file ends after ${done} of ${length} bytes`);
      done += read;
    }
    return buffer;
  }

  private unzip(item: Item, zip: NonNullable<Item['zip']>): Buffer {
    const header = this.bytes(item.offset, 30);
    if (header.readUInt32LE(0) !== 0x04034b50) throw new Error('its entry in the zip file is damaged');
    const start = item.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    const packed = this.bytes(start, item.length);
    const content =
      zip.method === 'stored' ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, zip.size) });
    if (content.length !== zip.size || crc32(content) !== zip.crc32) {
      throw new Error('its entry in the zip file is damaged (wrong check sum)');
    }
    return content;
  }
}

interface Header {
  format: string;
  /** 0 where the header alone does not say. */
  width: number;
  height: number;
}

/** Format and size from the first bytes; null where they are no image that Selvedge knows. */
export function sniff(content: Buffer): Header | null {
  const ascii = (start: number, end: number) => content.toString('latin1', start, end);
  const sized = (format: string, width = 0, height = 0): Header => ({ format, width, height });
  if (content[0] === 0xff && content[1] === 0xd8) return jpegHeader(content);
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') {
    return content.length < 24
      ? sized('png')
      : sized('png', content.readUInt32BE(16), content.readUInt32BE(20));
  }
  if (/^GIF8[79]a/.test(ascii(0, 6))) {
    return content.length < 10
      ? sized('gif')
      : sized('gif', content.readUInt16LE(6), content.readUInt16LE(8));
  }
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return sized('webp');
  if (ascii(0, 4) === 'II*\0' || ascii(0, 4) === 'MM\0*' || ascii(0, 4) === 'II+\0') return sized('tiff');
  if (ascii(4, 8) === 'ftyp') {
    if (/^avi[fs]/.test(ascii(8, 12))) return sized('avif');
    if (/^(hei|hev|mif1|msf1)/.test(ascii(8, 12)))
      return sized(ascii(16, 64).includes('avif') ? 'avif' : 'heic');
  }
  return ascii(0, 2) === 'BM' ? sized('bmp') : null;
}

/** The frame header (SOF0-SOF15 without DHT, JPG and DAC) holds the size. */
function jpegHeader(content: Buffer): Header {
  for (let at = 2; at + 9 < content.length && content[at] === 0xff;) {
    const marker = content[at + 1];
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { format: 'jpeg', width: content.readUInt16BE(at + 7), height: content.readUInt16BE(at + 5) };
    }
    at += marker === 0xff ? 1 : 2 + content.readUInt16BE(at + 2);
  }
  return { format: 'jpeg', width: 0, height: 0 };
}

function explain(error: unknown, header: Header): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/pixel limit/i.test(message)) {
    const size = header.width ? `${header.width} x ${header.height} pixels` : 'the image';
    return `${size}: over the limit of ${Math.floor(MAX_PIXELS / 1e6)} megapixels`;
  }
  return `damaged or incomplete ${header.format.toUpperCase()}: ${message.split('\n').filter(Boolean).at(-1) ?? ''}`;
}

/** The first printable characters, to recognise an HTML page or a text file by. */
function beginning(content: Buffer): string {
  return content.toString('latin1', 0, 16).replace(/[^\x20-\x7e]/g, '.');
}
