/** Images in, batches out: folders, archives and CIFAR-10, decoded once into a cache and read back by index. */
import { availableParallelism } from 'node:os';
import { UserError } from '../shared/errors';
import { buildCache } from './build-cache';
import { openCacheFile } from './cache-file';
import { cacheFile } from './cache-folder';
import { Dataset } from './dataset';
import { DEFAULT_LIMITS, type Limits } from './limits';
import { openSource } from './open-source';
import type { DataProgress } from './source';
import { sourcePath } from './source-path';

export { Dataset, type DatasetSummary, type SizeRange } from './dataset';
export { decodeFile, inspectImage, sizeOfFile, thumbnailOfFile, type ImageFacts } from './image-file';
export { ImageSet, type Contents } from './image-set';
export { MAX_PIXELS } from './decode-worker';
export type { Limits } from './limits';
export { readNamedFile } from './named-file';
export { openImageSet, openOriginals, type OriginalFile, type Originals } from './originals';
export { ImageStream, openImageStream, type StreamedImages } from './image-stream';
export { sequencesOf, type Sequence } from './sequences';
export type { DataProgress, Skipped, SourceKind } from './source';

export interface OpenDatasetOptions {
  /** Side of the square images, in pixels. */
  imageSize: number;
  /** Where decoded images are kept; safe to delete. Made where it is missing. */
  cacheDirectory: string;
  /** Holds `sample/`. */
  resourcesDirectory: string;
  /** Share kept for evaluation, in [0, 1), where the data has no split of its own. */
  heldOut?: number;
  /** Draws the held-out images. */
  seed?: number;
  /** Decoding threads; 0 takes all cores. */
  threads?: number;
  /** decode-worker's file, for programs that bundle this code without it; the build and the tests need none. */
  worker?: URL;
  onProgress?: (progress: DataProgress) => void;
  signal?: AbortSignal;
  limits?: Partial<Limits>;
}

/**
 * Decodes what is at `path`, unless that was done before at this image size, and opens the result.
 * @param path a folder, a .tar, .tar.gz, .tgz or .zip of one, a CIFAR-10 or STL-10 archive or its folder, or "sample".
 * @throws UserError for anything wrong with the data, with what to do; the signal's reason when aborted.
 */
export async function openDataset(path: string, options: OpenDatasetOptions): Promise<Dataset> {
  const { imageSize, cacheDirectory, signal, onProgress = () => {} } = options;
  checkOptions(options);
  signal?.throwIfAborted();
  const full = sourcePath(path, options.resourcesDirectory);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const source = await openSource(full, limits, onProgress, signal);
  const file = cacheFile(cacheDirectory, source.fingerprint, imageSize);
  const cache =
    openCacheFile(file, imageSize) ??
    (await buildCache(full, source, file, {
      imageSize,
      threads: options.threads || availableParallelism(),
      worker: options.worker,
      limits,
      onProgress,
      signal,
    }));
  const identity = { path: full, kind: source.kind, cacheFile: file };
  return new Dataset(identity, cache, { heldOut: options.heldOut ?? 0.1, seed: options.seed ?? 0 });
}

function checkOptions({ imageSize, heldOut = 0 }: OpenDatasetOptions): void {
  if (!Number.isInteger(imageSize) || imageSize < 8 || imageSize > 512) {
    throw new UserError(
      `The image size is ${imageSize}; expected 8 to 512 pixels.`,
      'Set data.imageSize.',
      'usage',
    );
  }
  if (!(heldOut >= 0 && heldOut < 1)) {
    throw new UserError(
      `The held-out share is ${heldOut}; expected 0 to below 1.`,
      'Set data.heldOut.',
      'usage',
    );
  }
}
