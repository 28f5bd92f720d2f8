/** STL-10 as its authors pack it, made small, and files that are not what they should be. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openOriginals } from '../../src/data';
import { openTest, tarGz, temporaryFolder, writeFiles, type Files } from './fixtures';

const SIDE = 96;

/** Red grows to the right, green downwards, blue is the image's own. Planes, column by column. */
function image(blue: number): Buffer {
  const planes = Buffer.alloc(3 * SIDE * SIDE, blue);
  for (let x = 0; x < SIDE; x++)
    for (let y = 0; y < SIDE; y++) {
      planes[x * SIDE + y] = 2 * x;
      planes[SIDE * SIDE + x * SIDE + y] = y;
    }
  return planes;
}

const part = (...blues: number[]) => Buffer.concat(blues.map(image));
const content: Files = {
  'stl10_binary/train_X.bin': part(10, 20, 30),
  'stl10_binary/train_y.bin': Buffer.from([1, 10, 2]),
  'stl10_binary/unlabeled_X.bin': part(40, 50),
  'stl10_binary/test_X.bin': part(60, 70),
  'stl10_binary/test_y.bin': Buffer.from([2, 1]),
  'stl10_binary/class_names.txt': 'airplane\nbird\n',
  'stl10_binary/fold_indices.txt': '0 1 2\n',
};
const pixel = (pixels: Uint8Array, x: number, y: number) => [
  ...pixels.subarray((y * SIDE + x) * 3).subarray(0, 3),
];

describe.each(['folder', 'archive'])('STL-10 as a %s', (kind) => {
  async function written(files: Files): Promise<string> {
    const folder = temporaryFolder();
    if (kind === 'folder') return writeFiles(folder, files);
    const path = join(folder, 'stl10_binary.tar.gz');
    writeFileSync(path, await tarGz(files));
    return path;
  }

  it('has labelled and unlabelled training images and a test part', async () => {
    const dataset = await openTest(await written(content), { imageSize: SIDE });
    expect([...dataset.labels!]).toEqual([0, 9, 1, -1, -1, 1, 0]);
    expect(dataset.classes).toHaveLength(10);
    expect(dataset.classes!.slice(0, 2)).toEqual(['airplane', 'bird']);
    expect([...dataset.train]).toEqual([0, 1, 2, 3, 4]);
    expect([...dataset.evaluation]).toEqual([5, 6]);
    expect(dataset.notes).toEqual(['2 images of STL-10 have no label.']);
    expect(dataset.summary()).toMatchObject({ ownSplit: true, unlabelled: 2, formats: { stl10: 7 } });
    const pixels = dataset.read(Uint32Array.of(3));
    expect(pixel(pixels, 0, 0)).toEqual([0, 0, 40]);
    expect(pixel(pixels, 95, 3)).toEqual([190, 3, 40]);
    expect(pixel(pixels, 7, 90)).toEqual([14, 90, 40]);
  });

  it('shows single images without decoding all', async () => {
    const cacheDirectory = temporaryFolder();
    const options = { cacheDirectory, resourcesDirectory: join(import.meta.dirname, '../../resources') };
    const originals = await openOriginals(await written(content), options);
    expect(pixel(await originals.decode(6, SIDE), 5, 1)).toEqual([10, 1, 70]);
    expect((await originals.thumbnail(6, 48)).length).toBeGreaterThan(100);
    originals.close();
  });
});

describe('STL-10', () => {
  const opened = (files: Files) => openTest(writeFiles(temporaryFolder(), files), { imageSize: 32 });

  it('may be its unlabelled part alone', async () => {
    const dataset = await opened({ 'unlabeled_X.bin': part(1, 2, 3, 4) });
    expect([...dataset.labels!]).toEqual([-1, -1, -1, -1]);
    expect([...dataset.train, ...dataset.evaluation].toSorted()).toEqual([0, 1, 2, 3]);
  });

  it.each([
    [{ 'train_X.bin': part(1).subarray(1), 'train_y.bin': Buffer.from([1]) }, 'not a multiple of 27648'],
    [{ 'train_X.bin': part(1) }, 'its labels, train_y.bin, are not beside it'],
    [{ 'train_X.bin': part(1), 'train_y.bin': Buffer.from([1, 2]) }, '2 labels for 1 images'],
    [{ 'test_X.bin': part(1), 'test_y.bin': Buffer.from([0]) }, 'image 0 has the label 0; expected 1 to 10'],
  ] as [Files, string][])('refuses files that are not its own: %#', async (files, message) => {
    await expect(opened(files)).rejects.toThrow(message);
  });

  it('refuses a zip file, where images cannot be read by position', async () => {
    const path = join(temporaryFolder(), 'stl.zip');
    writeFileSync(path, zipSync({ 'unlabeled_X.bin': part(1) }));
    await expect(openTest(path)).rejects.toThrow('STL-10 inside of a zip file');
  });
});
