/** The decoded data set: reading, the cache's life, and the sample that ships. */
import { fork } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DataProgress } from '../../src/data';
import { DEFAULT_LIMITS } from '../../src/data/limits';
import { openSource } from '../../src/data/open-source';
import { colorOf, images, openTest, png, temporaryFolder, writeFiles } from './fixtures';

const grays = Array.from({ length: 12 }, (_, i) => `${String(i).padStart(2, '0')}.png`);
let root: string;
beforeAll(async () => {
  root = writeFiles(temporaryFolder(), await images(grays));
});

describe('Dataset.read', () => {
  it('gives [batch, h, w, 3] in the asked order, repeats and runs alike', async () => {
    const dataset = await openTest(root);
    const indices = Uint32Array.of(7, 0, 1, 2, 11, 7);
    const pixels = dataset.read(indices);
    expect(pixels.length).toBe(6 * 8 * 8 * 3);
    expect(Array.from(indices, (_, i) => pixels[i * 192])).toEqual([70, 0, 10, 20, 110, 70]);
    const out = new Uint8Array(1000).fill(255);
    expect(dataset.read(Uint32Array.of(3), out)).toBe(out);
    expect([out[0], out[191], out[192]]).toEqual([30, 30, 255]);
  });

  it('refuses a wrong index, a small buffer and a closed data set', async () => {
    const dataset = await openTest(root);
    expect(() => dataset.read(Uint32Array.of(12))).toThrow('There is no image 12: the data set has 12');
    expect(() => dataset.read(Uint32Array.of(11, 12))).toThrow('There is no image 12');
    expect(() => dataset.read(Uint32Array.of(1, 2), new Uint8Array(192))).toThrow(
      '2 images need 384 bytes, got 192',
    );
    dataset.close();
    dataset.close();
    expect(() => dataset.read(Uint32Array.of(1))).toThrow('closed');
  });

  it('says so where the cache is cut short while in use', async () => {
    const dataset = await openTest(root);
    truncateSync(dataset.source.cacheFile, 4096 + 192);
    expect(dataset.read(Uint32Array.of(0)).length).toBe(192);
    expect(() => dataset.read(Uint32Array.of(5))).toThrow('was cut short while it was in use');
  });
});

describe('the order of images', () => {
  it('and every pixel are the same with one thread and with three', async () => {
    const colors = await images(Array.from({ length: 150 }, (_, i) => `${i % 3}/${i}.png`));
    colors['1/bad.png'] = 'text';
    const folder = writeFiles(temporaryFolder(), colors);
    const [one, three] = [await openTest(folder, { threads: 1 }), await openTest(folder, { threads: 3 })];
    expect(one.contentHash).toBe(three.contentHash);
    expect(three.names).toEqual([...three.names].sort());
    expect(three.count).toBe(150);
    expect(three.skipped.length).toBe(1);
  });
});

describe('the cache', () => {
  it('is found again, and made anew for another size, a changed or an added file', async () => {
    const cacheDirectory = temporaryFolder();
    const folder = writeFiles(temporaryFolder(), await images(grays));
    const decoded: number[] = [];
    const open = (imageSize = 8) => {
      const onProgress = ({ stage, done }: DataProgress) => {
        if (stage === 'decoding') decoded.push(done);
      };
      return openTest(folder, { cacheDirectory, imageSize, onProgress });
    };
    const first = await open();
    expect(decoded).toEqual([0, 12]);
    expect((await open()).contentHash).toBe(first.contentHash);
    expect(decoded.length).toBe(2);
    expect((await open(16)).read(Uint32Array.of(0)).length).toBe(768);
    writeFileSync(join(folder, grays[3]), await png([200, 200, 200]));
    utimesSync(join(folder, grays[3]), 1, 1);
    expect(colorOf(await open(), 3)[0]).toBe(200);
    writeFileSync(join(folder, 'zz.png'), await png([1, 1, 1]));
    expect((await open()).count).toBe(13);
    expect(readdirSync(cacheDirectory).length).toBe(4);
  });

  it('survives a moved folder, and does not care for the rest of its path', async () => {
    const cacheDirectory = temporaryFolder();
    const parent = temporaryFolder();
    writeFiles(join(parent, 'a'), await images(['x.png', 'y.png']));
    const before = await openTest(join(parent, 'a'), { cacheDirectory });
    renameSync(join(parent, 'a'), join(parent, 'b'));
    expect((await openTest(join(parent, 'b'), { cacheDirectory })).source.cacheFile).toBe(
      before.source.cacheFile,
    );
  });

  it.each([
    ['cut short', (file: string) => truncateSync(file, statSync(file).size - 1)],
    ['of another format version', (file: string) => patch(file, 8, 99)],
    ['with a damaged manifest', (file: string) => patch(file, statSync(file).size - 1, 0)],
    ['empty', (file: string) => truncateSync(file, 0)],
  ])('is made anew when it is %s', async (_, damage) => {
    const cacheDirectory = temporaryFolder();
    const before = await openTest(root, { cacheDirectory });
    damage(before.source.cacheFile);
    const after = await openTest(root, { cacheDirectory });
    expect([after.contentHash, colorOf(after, 11)[0]]).toEqual([before.contentHash, 110]);
  });

  it('is built by two at once without harm', async () => {
    const cacheDirectory = temporaryFolder();
    const both = await Promise.all([openTest(root, { cacheDirectory }), openTest(root, { cacheDirectory })]);
    expect(both.map((dataset) => colorOf(dataset, 5)[0])).toEqual([50, 50]);
    expect(readdirSync(cacheDirectory).length).toBe(1);
  });

  it('leaves nothing behind when aborted, and goes on the next time', async () => {
    const cacheDirectory = temporaryFolder();
    const controller = new AbortController();
    const opening = openTest(root, {
      cacheDirectory,
      signal: controller.signal,
      onProgress: ({ stage }) => stage === 'decoding' && controller.abort(),
    });
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(cacheDirectory)).toEqual([]);
    expect((await openTest(root, { cacheDirectory })).count).toBe(12);
  });

  it('is cleared of what a killed process left, not of what a living one makes', async () => {
    const cacheDirectory = temporaryFolder();
    const child = fork('-e', [], { execArgv: ['-e', 'setInterval(() => {}, 1000)'] });
    const pid = child.pid ?? 0;
    await new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL'));
    const [dead, living] = [`.building-${pid}-abc`, `.building-${process.ppid}-abc`];
    mkdirSync(join(cacheDirectory, dead));
    mkdirSync(join(cacheDirectory, living));
    await openTest(root, { cacheDirectory });
    expect(existsSync(join(cacheDirectory, dead))).toBe(false);
    expect(existsSync(join(cacheDirectory, living))).toBe(true);
  });
});

describe('Dataset.summary', () => {
  it('counts classes, sizes and formats', async () => {
    const readable = {
      'a/1.png': await png([1, 1, 1], 10, 20),
      'a/2.png': await png([1, 1, 1], 30, 40),
      'b/3.png': await png([1, 1, 1], 50, 60),
    };
    const stored = Object.values(readable).reduce((sum, { length }) => sum + length, 0);
    const folder = writeFiles(temporaryFolder(), { ...readable, 'b/4.png': 'text' });
    expect((await openTest(folder, { heldOut: 0 })).summary()).toEqual({
      images: 3,
      train: 3,
      evaluation: 0,
      ownSplit: false,
      classes: [
        { name: 'a', count: 2 },
        { name: 'b', count: 1 },
      ],
      unlabelled: 0,
      sizes: { width: { min: 10, median: 30, max: 50 }, height: { min: 20, median: 40, max: 60 } },
      bytes: stored,
      formats: { png: 3 },
      skipped: [{ path: 'b/4.png', reason: 'not an image: it begins with "text"' }],
      notes: [],
    });
  });
});

describe('the sample', () => {
  it('holds 5,000 training and 1,000 test images, balanced', async () => {
    const path = join(import.meta.dirname, '../../resources/sample/cifar10-sample.tar.gz');
    const source = await openSource(path, DEFAULT_LIMITS, () => {});
    const context = { scratch: temporaryFolder(), limits: DEFAULT_LIMITS, onProgress: () => {} };
    const { items, labels, classes, trainCount, skipped } = await source.list(context);
    expect([items.length, trainCount, classes?.length, skipped]).toEqual([6000, 5000, 10, []]);
    const perClass = (part: number[] = []) =>
      classes?.map((_, label) => part.filter((l) => l === label).length);
    expect(perClass(labels?.slice(0, 5000))).toEqual(Array(10).fill(500));
    expect(perClass(labels?.slice(5000))).toEqual(Array(10).fill(100));
  });
});

function patch(file: string, position: number, value: number): void {
  const bytes = readFileSync(file);
  bytes[position] = value;
  writeFileSync(file, bytes);
}
