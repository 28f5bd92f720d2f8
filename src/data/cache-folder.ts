/** Which file of the cache belongs to which images: one for each source and image size. */
import { createHash } from 'node:crypto';
import { closeSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_VERSION, openCacheFile, type Manifest } from './cache-file';

/** Raise it when decoded pixels or the reading of folders change: caches made before are then made anew. */
const DECODER_VERSION = 1;

/** @param fingerprint of the source. */
export const cacheFile = (directory: string, fingerprint: string, imageSize: number): string =>
  join(directory, `${keyOf(fingerprint)}-${imageSize}.images`);

/** What was found when the source was decoded, at whatever image size; null where it never was. */
export function findManifest(directory: string, fingerprint: string): Manifest | null {
  const pattern = new RegExp(`^${keyOf(fingerprint)}-(\\d+)\\.images$`);
  for (const name of namesIn(directory)) {
    const size = pattern.exec(name)?.[1];
    const cache = size === undefined ? null : openCacheFile(join(directory, name), Number(size));
    if (!cache) continue;
    closeSync(cache.fd);
    return cache.manifest;
  }
  return null;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    // It is made when something is decoded.
    return [];
  }
}

function keyOf(fingerprint: string): string {
  const hash = createHash('sha256').update(`${CACHE_VERSION}:${DECODER_VERSION}:${fingerprint}`);
  return hash.digest('hex').slice(0, 32);
}
