/**
 * The cache of decoded images, one file:
 *
 *     byte 0       "SELVIMGS", uint32 format version, uint32 image size, uint64 count, uint64 manifest bytes
 *                  (little-endian), zeros up to 4096
 *     byte 4096    pixels, uint8 [count, size, size, 3], sRGB
 *     then         the manifest, UTF-8 JSON
 *
 * The header is written last and the file appears under its name by a rename, so a file that can be found is whole.
 */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import * as z from 'zod';

export const CACHE_VERSION = 2;
export const PIXELS_OFFSET = 4096;
const MAGIC = 'SELVIMGS';
const HEADER_BYTES = 32;

const rangeSchema = z.strictObject({ min: z.number(), median: z.number(), max: z.number() });

export const manifestSchema = z.strictObject({
  names: z.array(z.string()),
  /** -1 for unlabelled; null where the data has no classes. */
  labels: z.array(z.int().min(-1)).nullable(),
  classes: z.array(z.string()).nullable(),
  /** Images before this one are for training; null without a split of its own. */
  trainCount: z.int().min(0).nullable(),
  skipped: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  notes: z.array(z.string()),
  /** Pixels, as stored in the files, before resizing. */
  sizes: z.strictObject({ width: rangeSchema, height: rangeSchema }),
  /** Of the images' files, as stored. */
  bytes: z.number().min(0),
  /** Images by format. */
  formats: z.record(z.string(), z.int()),
  /** SHA-256 of pixels, names, labels and split. */
  contentHash: z.string(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export interface OpenCache {
  fd: number;
  imageSize: number;
  count: number;
  manifest: Manifest;
}

/** Writes pixels one image after another; `finish` makes the file valid. */
export class CacheWriter {
  private readonly fd: number;
  private position = PIXELS_OFFSET;

  constructor(
    file: string,
    private readonly imageSize: number,
  ) {
    this.fd = openSync(file, 'wx');
  }

  append(pixels: Uint8Array): void {
    writeAll(this.fd, pixels, this.position);
    this.position += pixels.length;
  }

  /** Manifest, header, then fsync. */
  finish(manifest: Manifest): void {
    const json = Buffer.from(JSON.stringify(manifest));
    writeAll(this.fd, json, this.position);
    const header = Buffer.alloc(HEADER_BYTES);
    header.write(MAGIC, 'latin1');
    header.writeUInt32LE(CACHE_VERSION, 8);
    header.writeUInt32LE(this.imageSize, 12);
    header.writeBigUInt64LE(BigInt(manifest.names.length), 16);
    header.writeBigUInt64LE(BigInt(json.length), 24);
    writeAll(this.fd, header, 0);
    fsyncSync(this.fd);
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** @returns null where there is no whole cache file of this version and image size. */
export function openCacheFile(file: string, imageSize: number): OpenCache | null {
  let fd;
  try {
    fd = openSync(file, 'r');
  } catch {
    return null;
  }
  const cache = readCache(fd, imageSize);
  if (!cache) closeSync(fd);
  return cache;
}

function readCache(fd: number, imageSize: number): OpenCache | null {
  const header = Buffer.alloc(HEADER_BYTES);
  if (readSync(fd, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return null;
  if (header.toString('latin1', 0, 8) !== MAGIC || header.readUInt32LE(8) !== CACHE_VERSION) return null;
  const count = Number(header.readBigUInt64LE(16));
  const manifestBytes = Number(header.readBigUInt64LE(24));
  const manifestOffset = PIXELS_OFFSET + count * imageSize * imageSize * 3;
  if (header.readUInt32LE(12) !== imageSize || fstatSync(fd).size !== manifestOffset + manifestBytes)
    return null;
  const json = Buffer.alloc(manifestBytes);
  readSync(fd, json, 0, manifestBytes, manifestOffset);
  const manifest = parseManifest(json.toString('utf8'));
  const whole = manifest?.names.length === count && (manifest.labels?.length ?? count) === count;
  return manifest && whole ? { fd, imageSize, count, manifest } : null;
}

function parseManifest(json: string): Manifest | null {
  try {
    return manifestSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}
