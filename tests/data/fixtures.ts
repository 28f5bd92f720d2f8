/** Images and folders that the data tests make for themselves. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { pack, type Header } from 'tar-stream';
import { afterAll } from 'vitest';
import { openDataset, type Dataset, type OpenDatasetOptions } from '../../src/data';

export type Color = [red: number, green: number, blue: number];
export type Files = Record<string, Buffer | string>;

const folders: string[] = [];
// Here and not below: vitest hears of no hook that is set within a test.
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that vanishes after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-data-'));
  folders.push(folder);
  return folder;
}

export function writeFiles(root: string, files: Files): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

/** One colour, as PNG: decodes to exactly that colour. */
export function png(color: Color, width = 16, height = 16): Promise<Buffer> {
  return plain(color, width, height).png().toBuffer();
}

export function jpeg(color: Color, width = 16, height = 16): Promise<Buffer> {
  return plain(color, width, height).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
}

export function plain([r, g, b]: Color, width = 16, height = 16): Sharp {
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } });
}

/** Distinct grays under the given names. */
export async function images(names: string[]): Promise<Files> {
  const entries = names.map(async (name, i) => [name, await png([i * 10, i * 10, i * 10])] as const);
  return Object.fromEntries(await Promise.all(entries));
}

export async function tar(
  files: Files,
  headers: (Partial<Header> & Pick<Header, 'name'>)[] = [],
): Promise<Buffer> {
  const archive = pack();
  for (const header of headers) archive.entry(header);
  for (const [name, content] of Object.entries(files))
    archive.entry({ name, mtime: new Date(0) }, Buffer.from(content));
  archive.finalize();
  return buffer(archive);
}

export async function tarGz(files: Files): Promise<Buffer> {
  return gzipSync(await tar(files));
}

/** Opens at 8 px with a cache of its own, and closes after the tests. */
export async function openTest(path: string, options: Partial<OpenDatasetOptions> = {}): Promise<Dataset> {
  const dataset = await openDataset(path, {
    imageSize: 8,
    cacheDirectory: options.cacheDirectory ?? temporaryFolder(),
    resourcesDirectory: join(import.meta.dirname, '../../resources'),
    threads: 1,
    ...options,
  });
  afterAll(() => dataset.close());
  return dataset;
}

/** The middle pixel of image `index`. */
export function colorOf(dataset: Dataset, index: number): number[] {
  const pixels = dataset.read(Uint32Array.of(index));
  const middle = (dataset.imageSize / 2) * (dataset.imageSize + 1) * 3;
  return [...pixels.subarray(middle, middle + 3)];
}
