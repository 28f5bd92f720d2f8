/** A data set whose images are decoded: pixels by index, labels, splits. */
import { closeSync, readSync } from 'node:fs';
import { UserError } from '../shared/errors';
import { PIXELS_OFFSET, type OpenCache } from './cache-file';
import { ImageSet, type SplitOptions } from './image-set';
import type { Skipped, SourceKind } from './source';

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
  /** Of the images' files, as stored. */
  bytes: number;
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
 * Reading is by position from the cache file: the operating system's page cache holds what was read, shared between
 * processes and given up under memory pressure. Node has no memory maps.
 */
export class Dataset extends ImageSet {
  /** Side of the square images. */
  readonly imageSize: number;
  /** Bytes of one image: imageSize * imageSize * 3. */
  readonly imageBytes: number;
  /** SHA-256 of pixels, names, labels and split: equal where training would see the same. */
  readonly contentHash: string;
  private open = true;

  constructor(
    readonly source: DatasetIdentity,
    private readonly cache: OpenCache,
    options: SplitOptions,
  ) {
    super(cache.manifest, options);
    const { imageSize } = cache;
    this.imageSize = imageSize;
    this.imageBytes = imageSize * imageSize * 3;
    this.contentHash = cache.manifest.contentHash;
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
      bytes: manifest.bytes,
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
