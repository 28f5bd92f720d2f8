/** Tells whether a large file is still what it was: by its size and blocks all over it, or by every byte. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';

const BLOCKS = 64;
const BLOCK = 64 * 1024;
/** Bytes that are read at once where all are: a few milliseconds. */
const PART = 4 * 2 ** 20;

/**
 * The check sum of 64 blocks of 64 KiB, the first and the last among them, and of the size: a file that was cut off,
 * written anew or overwritten in part has another one.
 */
export function sampleChecksum(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(BLOCK, size));
    const last = size - buffer.length;
    let sum = crc32(String(size));
    for (let block = 0; block < BLOCKS; block++) {
      const at = Math.round((last * block) / (BLOCKS - 1));
      const read = readSync(descriptor, buffer, 0, buffer.length, at);
      sum = crc32(buffer.subarray(0, read), sum);
      if (last === 0) break;
    }
    return told(sum);
  } finally {
    closeSync(descriptor);
  }
}

/** The check sum of all bytes: half a second a GiB, where the disk gives them as fast. */
export function wholeChecksum(file: string): string {
  let last = 0;
  for (const sum of growingSums(file)) last = sum;
  return told(last);
}

/** As {@link wholeChecksum}; others have their turn between parts. @throws the signal's reason. */
export async function wholeChecksumAside(file: string, signal: AbortSignal): Promise<string> {
  let last = 0;
  for (const sum of growingSums(file)) {
    last = sum;
    await setImmediate(undefined, { signal });
  }
  return told(last);
}

/** The sum after each part. */
function* growingSums(file: string): Generator<number> {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(PART);
    let sum = 0;
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      sum = crc32(buffer.subarray(0, read), sum);
      yield sum;
    }
  } finally {
    closeSync(descriptor);
  }
}

const told = (sum: number): string => sum.toString(16).padStart(8, '0');
