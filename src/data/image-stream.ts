/**
 * The images of a data set, decoded when they are asked for and kept nowhere: for work that sees each image once, such
 * as embedding a folder, or the few of it that are new.
 */
import { closeSync, readSync, rmSync } from 'node:fs';
import { openCacheFile, PIXELS_OFFSET, type OpenCache } from './cache-file';
import { cacheFile } from './cache-folder';
import { decodeInOrder } from './decode-pool';
import type { Contents } from './image-set';
import { DEFAULT_LIMITS } from './limits';
import { openSource } from './open-source';
import { makeScratch } from './scratch';
import type { DataProgress, Item, Listing, Skipped, SourceKind } from './source';
import { sourcePath } from './source-path';

export interface OpenStreamOptions {
  /** Side of the square images, px. */
  imageSize: number;
  /** Images that were decoded before are read from there; archives are unpacked there meanwhile. */
  cacheDirectory: string;
  /** Holds `sample/`. */
  resourcesDirectory: string;
  /** Decoding threads. */
  threads: number;
  onProgress?: (progress: DataProgress) => void;
  signal?: AbortSignal;
}

/** Some images. */
export interface StreamedImages {
  /** Positions in `names`. */
  readonly positions: readonly number[];
  /** [positions, imageSize, imageSize, 3], sRGB 0-255. */
  readonly pixels: Uint8Array;
  /** Those that were to come with them and cannot be read. */
  readonly skipped: readonly (Skipped & { readonly position: number })[];
}

/** Images read from a cache at once. */
const CACHED_AT_ONCE = 64;

/**
 * Lists what is at `path`.
 * @param path as openDataset's. @throws UserError as openDataset.
 */
export async function openImageStream(path: string, options: OpenStreamOptions): Promise<ImageStream> {
  const { cacheDirectory, imageSize, signal, onProgress = () => {} } = options;
  const source = await openSource(
    sourcePath(path, options.resourcesDirectory),
    DEFAULT_LIMITS,
    onProgress,
    signal,
  );
  const scratch = makeScratch(cacheDirectory);
  try {
    const listing = await source.list({
      scratch,
      limits: DEFAULT_LIMITS,
      onProgress,
      ...(signal && { signal }),
    });
    const cache = openCacheFile(cacheFile(cacheDirectory, source.fingerprint, imageSize), imageSize);
    return new ImageStream(listing, {
      ...options,
      kind: source.kind,
      fingerprint: source.fingerprint,
      scratch,
      cache,
    });
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    throw error;
  }
}

interface Opened extends OpenStreamOptions {
  readonly kind: SourceKind;
  readonly fingerprint: string;
  readonly scratch: string;
  readonly cache: OpenCache | null;
}

export class ImageStream {
  /** In the data set's order, with those that will turn out unreadable. */
  readonly contents: Contents;
  /** Of each image: another one where its content may be another. */
  readonly stamps: readonly string[];
  private readonly cached: Map<string, number> | null;

  constructor(
    private readonly listing: Listing,
    private readonly opened: Opened,
  ) {
    const { items, ...contents } = listing;
    this.contents = { ...contents, names: items.map(({ name }) => name) };
    this.stamps = items.map((item) => stampOf(item, opened.fingerprint));
    const { cache } = opened;
    this.cached = cache && new Map(cache.manifest.names.map((name, index) => [name, index]));
  }

  /** True where the images were decoded before at this size. */
  get isCached(): boolean {
    return this.cached !== null;
  }

  /**
   * In the order of `positions`.
   * @throws the signal's reason where it is aborted.
   */
  async *decode(positions: readonly number[]): AsyncGenerator<StreamedImages> {
    if (this.cached) yield* this.fromCache(positions, this.cached, this.opened.cache!);
    else yield* this.fromFiles(positions);
  }

  close(): void {
    if (this.opened.cache) closeSync(this.opened.cache.fd);
    rmSync(this.opened.scratch, { recursive: true, force: true });
  }

  private async *fromFiles(positions: readonly number[]): AsyncGenerator<StreamedImages> {
    const items = positions.map((position) => this.listing.items[position]);
    for await (const { start, outcomes, pixels } of decodeInOrder(items, this.opened)) {
      const decoded: number[] = [];
      const skipped: StreamedImages['skipped'][number][] = [];
      outcomes.forEach((outcome, i) => {
        const position = positions[start + i];
        if ('reason' in outcome)
          skipped.push({ position, path: items[start + i].name, reason: outcome.reason });
        else decoded.push(position);
      });
      yield { positions: decoded, pixels, skipped };
    }
  }

  private async *fromCache(
    positions: readonly number[],
    cached: ReadonlyMap<string, number>,
    cache: OpenCache,
  ): AsyncGenerator<StreamedImages> {
    const { imageSize, signal } = this.opened;
    const bytes = imageSize * imageSize * 3;
    const reasons = new Map(cache.manifest.skipped.map(({ path, reason }) => [path, reason]));
    for (let start = 0; start < positions.length; start += CACHED_AT_ONCE) {
      signal?.throwIfAborted();
      const some = positions.slice(start, start + CACHED_AT_ONCE);
      const readable = some.filter((position) => cached.has(this.contents.names[position]));
      const pixels = new Uint8Array(readable.length * bytes);
      readable.forEach((position, i) => {
        const index = cached.get(this.contents.names[position])!;
        readWhole(cache.fd, pixels.subarray(i * bytes, (i + 1) * bytes), PIXELS_OFFSET + index * bytes);
      });
      const skipped = some
        .filter((position) => !readable.includes(position))
        .map((position) => {
          const path = this.contents.names[position];
          return { position, path, reason: reasons.get(path) ?? 'it could not be decoded' };
        });
      yield { positions: readable, pixels, skipped };
    }
  }
}

function readWhole(descriptor: number, out: Uint8Array, position: number): void {
  for (let done = 0; done < out.length;) {
    const read = readSync(descriptor, out, done, out.length - done, position + done);
    if (read === 0) throw new Error('The image cache was cut short while it was in use.');
    done += read;
  }
}

/** A zip tells a check sum of each file; of a tar only the whole tells whether one changed. */
function stampOf({ length, modified, offset, zip }: Item, fingerprint: string): string {
  if (modified !== undefined) return `${length}:${modified}`;
  if (zip) return `${zip.size}:${zip.crc32}`;
  return `${offset}:${length}:${fingerprint.slice(-16)}`;
}
