/** Every kind of image becomes 8-bit sRGB of the right shape. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, sniff } from '../../src/data/decode-worker';
import { jpeg, plain, png, type Color } from './fixtures';

const SIZE = 8;
const ORANGE: Color = [230, 120, 20];

/** Colours of the four corners' inner pixels and the centre, `[y][x]` in eighths. */
async function pixel(content: Buffer, y: number, x: number): Promise<number[]> {
  const { pixels } = await decodeImage(content, SIZE);
  expect(pixels.length).toBe(SIZE * SIZE * 3);
  const at = (y * SIZE + x) * 3;
  return [...pixels.subarray(at, at + 3)];
}

function expectNear(actual: number[], expected: number[], tolerance: number): void {
  actual.forEach((value, i) =>
    expect(Math.abs(value - expected[i]), `${actual.join()} near ${expected.join()}`).toBeLessThanOrEqual(
      tolerance,
    ),
  );
}

describe('decodeImage: formats', () => {
  it.each(['png', 'webp', 'tiff', 'gif', 'avif', 'jpeg'] as const)(
    'reads %s and its stored size',
    async (format) => {
      const content = await plain(ORANGE, 20, 12).toFormat(format, { quality: 95 }).toBuffer();
      const decoded = await decodeImage(content, SIZE);
      expect(decoded).toMatchObject({ format, width: 20, height: 12 });
      expectNear(await pixel(content, 4, 4), ORANGE, 6);
    },
  );

  it('tells JPEG, PNG and GIF sizes from the header alone', async () => {
    expect(sniff(await jpeg(ORANGE, 30, 7))).toEqual({ format: 'jpeg', width: 30, height: 7 });
    expect(sniff(await png(ORANGE, 30, 7))).toEqual({ format: 'png', width: 30, height: 7 });
    expect(sniff(Buffer.from('hello'))).toBeNull();
    expect(sniff(Buffer.from([0xff, 0xd8, 0xff]))).toEqual({ format: 'jpeg', width: 0, height: 0 });
  });

  it('says that BMP and HEIC must be converted', async () => {
    await expect(decodeImage(Buffer.from('BM' + '\0'.repeat(60)), SIZE)).rejects.toThrow(
      'BMP cannot be read',
    );
    await expect(decodeImage(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0'), SIZE)).rejects.toThrow(
      'HEIC cannot be read',
    );
  });
});

describe('decodeImage: colours', () => {
  it('makes gray three channels', async () => {
    const gray = await plain([90, 90, 90]).toColourspace('b-w').png().toBuffer();
    expect((await sharp(gray).metadata()).channels).toBe(1);
    expect(await pixel(gray, 3, 3)).toEqual([90, 90, 90]);
  });

  it('lays transparency over white', async () => {
    const half = { r: 0, g: 0, b: 0, alpha: 0.5 };
    const create = { width: 16, height: 16, channels: 4 as const, background: half };
    expectNear(await pixel(await sharp({ create }).png().toBuffer(), 4, 4), [127, 127, 127], 1);
    const gray = await sharp({ create }).toColourspace('b-w').png().toBuffer();
    expectNear(await pixel(gray, 4, 4), [127, 127, 127], 1);
  });

  it('reduces 16 bits to 8', async () => {
    const deep = await plain([200, 100, 50]).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expectNear(await pixel(deep, 4, 4), [200, 100, 50], 1);
    const gray = await plain([200, 200, 200]).toColourspace('grey16').png().toBuffer();
    expect(await sharp(gray).metadata()).toMatchObject({ depth: 'ushort', channels: 1 });
    expectNear(await pixel(gray, 4, 4), [200, 200, 200], 1);
  });

  it('converts CMYK', async () => {
    const cmyk = await plain([200, 100, 50]).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    // CMYK's gamut is smaller: the colour is kept, not the exact values.
    expectNear(await pixel(cmyk, 4, 4), [200, 100, 50], 40);
  });
});

describe('decodeImage: geometry', () => {
  it('turns the image as EXIF says', async () => {
    const red = await plain([255, 0, 0], 16, 8).png().toBuffer();
    const redAboveBlue = await plain([0, 0, 255], 16, 16)
      .composite([{ input: red, left: 0, top: 0 }])
      .png()
      .toBuffer();
    // Orientation 3: turned by 180 degrees, so that blue comes up.
    const turned = await sharp(redAboveBlue).withMetadata({ orientation: 3 }).png().toBuffer();
    expectNear(await pixel(redAboveBlue, 1, 4), [255, 0, 0], 3);
    expectNear(await pixel(turned, 1, 4), [0, 0, 255], 3);
  });

  it('crops the longer side at its centre', async () => {
    const bar = await plain([255, 0, 0], 16, 16).png().toBuffer();
    const wide = await plain([0, 0, 255], 48, 16)
      .composite([{ input: bar, left: 16, top: 0 }])
      .png()
      .toBuffer();
    expectNear(await pixel(wide, 4, 4), [255, 0, 0], 0);
    expect((await pixel(wide, 4, 1))[0]).toBeGreaterThan(200);
  });

  it('anti-aliases: a fine chessboard becomes gray', async () => {
    const side = 128;
    const board = Uint8Array.from(
      { length: side * side },
      (_, i) => (((i % side) + Math.floor(i / side)) % 2) * 255,
    );
    const content = await sharp(board, { raw: { width: side, height: side, channels: 1 } })
      .png()
      .toBuffer();
    expectNear(await pixel(content, 4, 4), [127, 127, 127], 8);
  });

  it('takes the first frame of an animation', async () => {
    const frames = await Promise.all([png([255, 0, 0]), png([0, 0, 255])]);
    const animation = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(animation).metadata()).pages).toBe(2);
    expect(await pixel(animation, 4, 4)).toEqual([255, 0, 0]);
  });

  it('enlarges small images', async () => {
    expect(await pixel(await png(ORANGE, 1, 1), 4, 4)).toEqual(ORANGE);
  });
});
