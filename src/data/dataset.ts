/** A data set whose images are decoded: pixels by index, labels, splits. */
import { closeSync, readSync } from 'node:fs';
import { UserError } from '../shared/errors';
import { PIXELS_OFFSET, type OpenCache } from './cache-file';
import type { Skipped, SourceKind } from './source';
import { balancedSubsetOf, holdOut, subsetOf } from './splits';

export interface DatasetSummary {
  images: number;
  train: number;
  evaluation: number;
  /** True where the data came with its own evaluation part. */
  ownSplit: boolean;
  /** Images of each class, both parts together; null where there are none. */
  classes: { name: string; count: number }[] | null;
  /** Images outside of every class. */
  unlabelled: number;
  /** Pixels, as stored in the files. */
  sizes: { width: SizeRange; height: SizeRange };
  /** Images by file format. */
  formats: Record<string, number>;
  skipped: Skipped[];
  notes: string[];
}
export interface SizeRange {
  min: number;
  median: number;
  max: number;
}

export interface DatasetIdentity {
  path: string;
  kind: SourceKind;
  cacheFile: string;
}

/**
 * Indices are positions in one fixed order: training images sorted by path, then the evaluation images of a split
 * of its own, sorted by path. Reading is by position from the cache file: the operating system's page cache holds
 * what was read, shared between processes and given up under memory pressure. Node has no memory maps.
 */
export class Dataset {
  /** Side of the square images. */
  readonly imageSize: number;
  /** Images that could be decoded. */
  readonly count: number;
  /** Bytes of one image: imageSize * imageSize * 3. */
  readonly imageBytes: number;
  /** Paths inside of the source, with forward slashes. */
  readonly names: readonly string[];
  /** Class names in label order; null for unlabelled data. */
  readonly classes: string[] | null;
  /** [count], -1 for unlabelled images; null for unlabelled data. */
  readonly labels: Int32Array | null;
  /** Indices of the training images, ascending. */
  readonly train: Uint32Array;
  /** Indices of the evaluation images, ascending; may be empty. */
  readonly evaluation: Uint32Array;
  /** Files that should have been images, with the reason why they are not used. */
  readonly skipped: readonly Skipped[];
  /** What was understood from the folders that may surprise, as sentences. */
  readonly notes: readonly string[];
  /** SHA-256 of pixels, names, labels and split: equal where training would see the same. */
  readonly contentHash: string;
  private open = true;

  constructor(
    readonly source: DatasetIdentity,
    private readonly cache: OpenCache,
    options: { heldOut: number; seed: number },
  ) {
    const { manifest, count, imageSize } = cache;
    this.imageSize = imageSize;
    this.count = count;
    this.imageBytes = imageSize * imageSize * 3;
    this.names = manifest.names;
    this.classes = manifest.classes;
    this.labels = manifest.labels && Int32Array.from(manifest.labels);
    this.skipped = manifest.skipped;
    this.notes = manifest.notes;
    this.contentHash = manifest.contentHash;
    const { trainCount } = manifest;
    const indices = Uint32Array.from({ length: count }, (_, i) => i);
    const parts =
      trainCount === null
        ? holdOut(count, this.labels, options.heldOut, options.seed)
        : { train: indices.slice(0, trainCount), evaluation: indices.slice(trainCount) };
    this.train = parts.train;
    this.evaluation = parts.evaluation;
  }

  /**
   * @param indices [batch], in any order, repeats allowed.
   * @param out [batch, imageSize, imageSize, 3] at least; made anew where it is left out.
   * @returns `out`, sRGB 0-255.
   * @throws UserError where the cache file was damaged since it was opened; RangeError for a wrong index or `out`.
   */
  read(indices: Uint32Array, out = new Uint8Array(indices.length * this.imageBytes)): Uint8Array {
    const { imageBytes, count } = this;
    if (!this.open) throw new Error('The data set is closed.');
    if (out.length < indices.length * imageBytes) {
      throw new RangeError(
        `${indices.length} images need ${indices.length * imageBytes} bytes, got ${out.length}.`,
      );
    }
    for (let i = 0; i < indices.length;) {
      const first = indices[i];
      let run = 1;
      while (i + run < indices.length && indices[i + run] === first + run) run++;
      if (first + run > count)
        throw new RangeError(`There is no image ${first + run - 1}: the data set has ${count}.`);
      this.readRun(first, run, out, i * imageBytes);
      i += run;
    }
    return out;
  }

  /** `n` training images drawn by `seed`, ascending. @throws UserError where there are fewer. */
  subset(n: number, seed: number): Uint32Array {
    return subsetOf(this.train, n, seed);
  }

  /** `perClass` training images of each class, ascending. @throws UserError without classes or with too few. */
  balancedSubset(perClass: number, seed: number): Uint32Array {
    return balancedSubsetOf(this.train, this.labels, this.classes, perClass, seed);
  }

  /** What `selvedge data check` shows. */
  summary(): DatasetSummary {
    const { manifest } = this.cache;
    const counts = new Int32Array(this.classes?.length ?? 0);
    for (const label of this.labels ?? []) if (label >= 0) counts[label]++;
    return {
      images: this.count,
      train: this.train.length,
      evaluation: this.evaluation.length,
      ownSplit: manifest.trainCount !== null,
      classes: this.classes && this.classes.map((name, i) => ({ name, count: counts[i] })),
      unlabelled: this.count - counts.reduce((sum, n) => sum + n, 0),
      sizes: manifest.sizes,
      formats: manifest.formats,
      skipped: manifest.skipped,
      notes: manifest.notes,
    };
  }

  close(): void {
    if (this.open) closeSync(this.cache.fd);
    this.open = false;
  }

  private readRun(first: number, run: number, out: Uint8Array, at: number): void {
    const length = run * this.imageBytes;
    for (let done = 0; done < length;) {
      const position = PIXELS_OFFSET + first * this.imageBytes + done;
      const read = readSync(this.cache.fd, out, at + done, length - done, position);
      if (read === 0) {
        throw new UserError(
          `The image cache ${this.source.cacheFile} was cut short while it was in use.`,
          'Delete the file and start again; it is made anew.',
        );
      }
      done += read;
    }
  }
}
