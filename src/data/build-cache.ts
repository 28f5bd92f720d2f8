/** Decodes a source once, into a cache file. */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../shared/errors';
import { CacheWriter, openCacheFile, type Manifest, type OpenCache } from './cache-file';
import { decodeInOrder } from './decode-pool';
import { formatBytes, type Limits } from './limits';
import { makeScratch } from './scratch';
import type { DataProgress, Listing, Skipped, Source } from './source';

const REASONS_SHOWN = 5;

export interface BuildOptions {
  imageSize: number;
  threads: number;
  worker?: URL;
  limits: Limits;
  onProgress: (progress: DataProgress) => void;
  signal?: AbortSignal;
}

/**
 * Two processes may build the same file at once: each works in a folder of its own, and the later rename replaces
 * equal content.
 * @param path the source, for messages.
 * @throws UserError where nothing could be decoded, the archive is refused or the disk is full.
 */
export async function buildCache(
  path: string,
  source: Source,
  file: string,
  options: BuildOptions,
): Promise<OpenCache> {
  const scratch = makeScratch(dirname(file));
  try {
    const listing = await source.list({ ...options, scratch });
    checkSpace(dirname(file), listing.items.length * options.imageSize ** 2 * 3);
    const made = join(scratch, 'images');
    await writeCache(path, listing, made, options);
    publish(made, file, options.imageSize);
  } catch (error) {
    throw explainDisk(error, dirname(file));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const cache = openCacheFile(file, options.imageSize);
  if (!cache) throw new Error(`The cache file ${file} vanished or changed right after it was written.`);
  return cache;
}

async function writeCache(
  path: string,
  listing: Listing,
  file: string,
  options: BuildOptions,
): Promise<void> {
  const { items } = listing;
  const skipped: Skipped[] = [...listing.skipped];
  const kept: number[] = [];
  const widths: number[] = [];
  const heights: number[] = [];
  const formats: Record<string, number> = {};
  const hash = createHash('sha256');
  const writer = new CacheWriter(file, options.imageSize);
  try {
    options.onProgress({ stage: 'decoding', done: 0, total: items.length, unit: 'images' });
    const { imageSize, threads, worker, signal } = options;
    for await (const { start, outcomes, pixels } of decodeInOrder(items, {
      imageSize,
      threads,
      worker,
      signal,
    })) {
      outcomes.forEach((outcome, i) => {
        if ('reason' in outcome) {
          skipped.push({ path: items[start + i].name, reason: outcome.reason });
          return;
        }
        kept.push(start + i);
        widths.push(outcome.width);
        heights.push(outcome.height);
        formats[outcome.format] = (formats[outcome.format] ?? 0) + 1;
      });
      hash.update(pixels);
      writer.append(pixels);
      options.onProgress({
        stage: 'decoding',
        done: start + outcomes.length,
        total: items.length,
        unit: 'images',
      });
    }
    if (kept.length === 0) throw nothingDecoded(path, skipped);
    const { trainCount } = listing;
    const content = {
      names: kept.map((i) => items[i].name),
      labels: listing.labels && kept.map((i) => listing.labels?.[i] ?? -1),
      classes: listing.classes,
      trainCount: trainCount === null ? null : kept.filter((i) => i < trainCount).length,
    };
    const manifest: Manifest = {
      ...content,
      skipped: skipped.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
      notes: listing.notes,
      sizes: { width: range(widths), height: range(heights) },
      bytes: kept.reduce((sum, i) => sum + items[i].length, 0),
      formats,
      contentHash: hash.update(JSON.stringify(content)).digest('hex'),
    };
    writer.finish(manifest);
  } finally {
    writer.close();
  }
}

/** Renames; where that fails because another process has the same finished file open (Windows), that one serves. */
function publish(made: string, file: string, imageSize: number): void {
  try {
    renameSync(made, file);
  } catch (error) {
    const theirs = openCacheFile(file, imageSize);
    if (!theirs) throw error;
    closeSync(theirs.fd);
    return;
  }
  if (process.platform === 'win32') return; // No fsync of folders there.
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function range(values: number[]): { min: number; median: number; max: number } {
  const sorted = Float64Array.from(values).sort();
  return {
    min: sorted[0],
    median: sorted[Math.floor((sorted.length - 1) / 2)],
    max: sorted[sorted.length - 1],
  };
}

function nothingDecoded(path: string, skipped: Skipped[]): UserError {
  const shown = skipped.slice(0, REASONS_SHOWN).map((file) => `${file.path} (${file.reason})`);
  const more = skipped.length > REASONS_SHOWN ? `; and ${skipped.length - REASONS_SHOWN} more` : '';
  return new UserError(
    `None of the ${skipped.length} images in ${path} could be read: ${shown.join('; ')}${more}.`,
    'Open one of them in an image viewer; if it fails there too, copy or download the images again.',
  );
}

function checkSpace(directory: string, needed: number): void {
  const { bavail, bsize } = statfsSync(directory);
  if (needed > bavail * bsize)
    throw diskFull(directory, `${formatBytes(needed)} needed, ${formatBytes(bavail * bsize)} free`);
}

function explainDisk(error: unknown, directory: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ENOSPC' || code === 'EDQUOT' ? diskFull(directory, 'nothing was kept') : error;
}

function diskFull(directory: string, detail: string): UserError {
  return new UserError(
    `The disk is too full for the image cache in ${directory}: ${detail}.`,
    'Free some space, choose a smaller image size, or a library folder (--library) on another disk.',
  );
}
