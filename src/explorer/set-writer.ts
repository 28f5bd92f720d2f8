/** Writes the files of an embedding set so that a set that was cut off at any point is whole up to its last full line. */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { SetImage } from '../shared/explorer/sets';
import {
  bytesPerNumber,
  imagesFile,
  manifestFile,
  readSet,
  vectorsFile,
  type SetManifest,
} from './set-files';
import { whiteningFile } from './whitening';

/** Milliseconds of work that a power cut may cost. */
const FLUSH_PERIOD = 1000;

const next = (file: string): string => `${file}.next`;

/** Makes the folder, or renews the manifest in it. */
export function writeManifest(folder: string, manifest: SetManifest): void {
  mkdirSync(folder, { recursive: true });
  replace(manifestFile(folder), Buffer.from(JSON.stringify(manifest, null, 2)));
}

/** Of the vectors' precision. */
function encode(vectors: Float32Array, precision: SetManifest['recipe']['precision']): Uint8Array {
  const { buffer, byteOffset, byteLength } = precision === 'float16' ? Float16Array.from(vectors) : vectors;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const line = (image: SetImage): string => `${JSON.stringify(image)}\n`;

export class SetWriter {
  private readonly vectors: number;
  private readonly images: number;
  private held: string[] = [];
  private flushedAt = Date.now();

  /**
   * Opens a set to append to; what a former writer left half-done is finished or dropped.
   * @param count whole rows: what lies after them is cut away.
   */
  constructor(
    folder: string,
    private readonly manifest: SetManifest,
    count: number,
  ) {
    const { precision } = manifest.recipe;
    const end = count * manifest.size * bytesPerNumber(precision);
    this.vectors = openSync(vectorsFile(folder, precision), 'a+');
    ftruncateSync(this.vectors, end);
    this.images = openSync(imagesFile(folder), 'a+');
    ftruncateSync(this.images, bytesOfLines(folder, count));
  }

  /** @param vectors [images, size], of unit length. */
  append(images: readonly SetImage[], vectors: Float32Array): void {
    writeAll(this.vectors, encode(vectors, this.manifest.recipe.precision));
    this.held.push(...images.map(line));
    if (Date.now() - this.flushedAt >= FLUSH_PERIOD) this.flush();
  }

  /** The vectors are on the disk before the lines that speak of them. */
  flush(): void {
    if (this.held.length > 0) {
      fdatasyncSync(this.vectors);
      writeAll(this.images, Buffer.from(this.held.join('')));
      this.held = [];
    }
    this.flushedAt = Date.now();
  }

  close(): void {
    try {
      this.flush();
      fdatasyncSync(this.images);
    } finally {
      closeSync(this.vectors);
      closeSync(this.images);
    }
  }
}

/**
 * Keeps these rows alone, with what is now known of their images. Cut off between its steps, `recover` ends it: while
 * there is no list of images, the new one counts.
 * @param rows of the set as it is, and the image of each.
 */
export function rewriteRows(
  folder: string,
  manifest: SetManifest,
  rows: readonly { row: number; image: SetImage }[],
): void {
  const { size, recipe } = manifest;
  const { vectors } = readSet(folder);
  const kept = new Float32Array(rows.length * size);
  rows.forEach(({ row }, i) => kept.set(vectors.subarray(row * size, (row + 1) * size), i * size));
  const vectorFile = vectorsFile(folder, recipe.precision);
  const imageFile = imagesFile(folder);
  writeDurably(next(vectorFile), encode(kept, recipe.precision));
  writeDurably(next(imageFile), Buffer.from(rows.map(({ image }) => line(image)).join('')));
  rmSync(imageFile, { force: true });
  finishRewrite(folder, manifest);
}

/** The lines alone: the vectors stay in their order. */
export function rewriteImages(folder: string, images: readonly SetImage[]): void {
  replace(imagesFile(folder), Buffer.from(images.map(line).join('')));
}

/** Ends or drops what a former writer was cut off in. */
export function recover(folder: string, manifest: SetManifest): void {
  const imageFile = imagesFile(folder);
  if (!existsSync(imageFile) && existsSync(next(imageFile))) finishRewrite(folder, manifest);
  for (const name of readdirSync(folder)) if (name.endsWith('.next')) rmSync(join(folder, name));
}

function finishRewrite(folder: string, manifest: SetManifest): void {
  const vectorFile = vectorsFile(folder, manifest.recipe.precision);
  if (existsSync(next(vectorFile))) renameSync(next(vectorFile), vectorFile);
  renameSync(next(imagesFile(folder)), imagesFile(folder));
}

/** What was computed from the rows is void: all but the set itself, and reports of measurements, which bear a date. */
export function removeDerived(folder: string, manifest: SetManifest): void {
  const own = [
    manifestFile(folder),
    imagesFile(folder),
    vectorsFile(folder, manifest.recipe.precision),
    whiteningFile(folder),
  ];
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!own.includes(path) && !name.startsWith('measure')) rmSync(path, { recursive: true, force: true });
  }
}

/** Of what lies in the folder. */
export function bytesOfSet(folder: string, manifest: SetManifest): number {
  const files = [
    manifestFile(folder),
    imagesFile(folder),
    vectorsFile(folder, manifest.recipe.precision),
    whiteningFile(folder),
  ];
  return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Length of the first `count` lines. */
function bytesOfLines(folder: string, count: number): number {
  const bytes = readFileSync(imagesFile(folder));
  let end = 0;
  for (let lines = 0; lines < count; lines++) end = bytes.indexOf(0x0a, end) + 1;
  return end;
}

/** Writes beside it, then renames over it. */
export function replace(file: string, bytes: Uint8Array): void {
  writeDurably(next(file), bytes);
  renameSync(next(file), file);
}

function writeDurably(file: string, bytes: Uint8Array): void {
  const descriptor = openSync(file, 'w');
  try {
    writeAll(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(descriptor, bytes, done, Math.min(bytes.length - done, 2 ** 30));
}
