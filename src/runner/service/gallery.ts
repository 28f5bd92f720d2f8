/** The images of one folder, as previews need them: a few at a time, kept for the next time. */
import { statSync } from 'node:fs';
import { openOriginals, type ImageSet, type OriginalFile, type Originals } from '../../data';
import { findMethod } from '../../learning';
import { messageOf, UserError } from '../../shared/errors';
import type { ImagePage } from '../../shared/api/datasets';
import type { RunConfig } from '../../shared/run-config';
import { dataOrder } from '../order';
import { resourcesDirectory } from '../resources';
import { chooseTraining } from '../training/training-images';

export interface GalleryImage {
  /** Number in the data set. */
  readonly index: number;
  readonly label: string | null;
  /** [imageSize, imageSize, 3], sRGB 0-255. */
  readonly pixels: Uint8Array;
}

/** Images kept decoded: several sizes of what one preview shows. */
const KEPT_PIXELS = 64;

export class Gallery {
  private readonly pixels = new Map<string, Uint8Array>();
  private order: { key: string; set: ImageSet; indices: Uint32Array } | undefined;

  private constructor(
    private readonly originals: Originals,
    private readonly stamp: string,
  ) {}

  /** @throws UserError where there are no images at `path`. */
  static async open(path: string, cacheDirectory: string, signal: AbortSignal): Promise<Gallery> {
    const originals = await openOriginals(path, { cacheDirectory, resourcesDirectory, signal });
    return new Gallery(originals, stampOf(originals.path));
  }

  /** False where the folder's own list or the archive changed since. */
  get isCurrent(): boolean {
    return stampOf(this.originals.path) === this.stamp;
  }

  /**
   * The images that a run of `config` sees first; those that cannot be read are passed over.
   * @returns at most `count`. @throws UserError where not one can be read, or the data does not suit the run.
   */
  async firstImages(config: RunConfig, count: number): Promise<GalleryImage[]> {
    const { set, indices } = this.trainingOrder(config);
    const found: GalleryImage[] = [];
    let reason = 'there are none';
    for (let next = 0; next < indices.length && found.length < count;) {
      const batch = indices.subarray(next, next + count - found.length);
      next += batch.length;
      const read = await Promise.allSettled(
        Array.from(batch, (index) => this.decoded(index, config.data.imageSize)),
      );
      for (const [i, outcome] of read.entries()) {
        if (outcome.status === 'rejected') reason = messageOf(outcome.reason);
        else found.push({ index: batch[i], label: labelOf(set, batch[i]), pixels: outcome.value });
      }
    }
    if (found.length === 0)
      throw new UserError(
        `No image of ${this.originals.path} can be shown: ${reason}`,
        'Check the data set: the report lists the files that cannot be read.',
      );
    return found;
  }

  /** The number of the image of this path inside of the data; undefined where there is none. */
  indexOf(name: string): number | undefined {
    return this.originals.indexOf(name);
  }

  /** Its path inside of the data; undefined where there is none. */
  nameOf(index: number): string | undefined {
    return this.originals.nameOf(index);
  }

  /** [imageSize, imageSize, 3], as a Dataset of this size holds it. @throws UserError where it cannot be read. */
  decode(index: number, imageSize: number): Promise<Uint8Array> {
    return this.originals.decode(index, imageSize);
  }

  /** Upright, px. @throws UserError where it cannot be read. */
  sizeOf(index: number): Promise<{ width: number; height: number }> {
    return this.originals.sizeOf(index);
  }

  /** The image as a file. @throws UserError where it cannot be read. */
  file(index: number): Promise<OriginalFile> {
    return this.originals.file(index);
  }

  thumbnail(index: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.originals.thumbnail(index, size);
  }

  /**
   * Images of one class, in the order of the data.
   * @param offset place in the class, from 0. @returns at most `count` indices, and how many the class has.
   * @throws UserError where the data has no such class.
   */
  imagesOf(label: string, offset: number, count: number): ImagePage {
    const all = this.originals.indicesOf(label);
    return { indices: Array.from(all.subarray(offset, offset + count)), total: all.length };
  }

  close(): void {
    this.originals.close();
  }

  /** The training images in the order of the run's first epoch. */
  private trainingOrder(config: RunConfig): { set: ImageSet; indices: Uint32Array } {
    const { method, seed, data } = config;
    const { heldOut, subset, labelsPerClass } = data;
    const key = JSON.stringify([method, seed, heldOut, subset, labelsPerClass]);
    if (this.order?.key !== key) {
      const set = this.originals.imageSet({ heldOut, seed });
      const chosen = chooseTraining(set, config, findMethod(method).needsLabels);
      const order = chosen.length > 0 ? dataOrder(seed, chosen.length, chosen.length)(0) : new Uint32Array();
      this.order = { key, set, indices: order.map((position) => chosen[position]) };
    }
    return this.order;
  }

  private async decoded(index: number, imageSize: number): Promise<Uint8Array> {
    const key = `${index} ${imageSize}`;
    const kept = this.pixels.get(key);
    if (kept) return kept;
    const pixels = await this.originals.decode(index, imageSize);
    this.pixels.set(key, pixels);
    const [oldest] = this.pixels.keys();
    if (this.pixels.size > KEPT_PIXELS) this.pixels.delete(oldest);
    return pixels;
  }
}

function labelOf({ labels, classes }: ImageSet, index: number): string | null {
  const label = labels?.[index] ?? -1;
  return label < 0 ? null : classes![label];
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${mtimeMs} ${size}`;
  } catch {
    return 'gone';
  }
}
