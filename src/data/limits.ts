/** What an archive or an image may ask of this machine before it is refused: the guard against bombs. */
import { UserError } from '../shared/errors';

export interface Limits {
  /** Bytes an archive may unpack to, all entries together. */
  maxUnpackedBytes: number;
  /** Unpacked over packed bytes. Photographs are about 1, tiny images in a tar about 5, zeros in gzip 1032. */
  maxRatio: number;
  /** The ratio counts only from this many unpacked bytes on. */
  ratioFromBytes: number;
  /** Files in a folder or an archive. */
  maxEntries: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxUnpackedBytes: 512 * 2 ** 30,
  maxRatio: 200,
  ratioFromBytes: 64 * 2 ** 20,
  maxEntries: 20_000_000,
};

/** @throws UserError where `unpacked` bytes out of `packed` are more than an honest archive of images holds. */
export function checkUnpackedSize(archive: string, unpacked: number, packed: number, limits: Limits): void {
  if (unpacked > limits.maxUnpackedBytes) {
    throw new UserError(
      `${archive} unpacks to more than ${formatBytes(limits.maxUnpackedBytes)}, the limit for an archive.`,
      'Unpack it yourself and give the folder.',
    );
  }
  if (unpacked > limits.ratioFromBytes && unpacked > packed * limits.maxRatio) {
    throw new UserError(
      `${archive} looks like a decompression bomb: more than ${formatBytes(unpacked)} out of ${formatBytes(packed)} ` +
        `(limit ${limits.maxRatio} to 1).`,
      'If you trust it, unpack it yourself and give the folder.',
    );
  }
}

/** @throws UserError where there are more than the limit. */
export function checkEntryCount(path: string, entries: number, limits: Limits): void {
  if (entries > limits.maxEntries) {
    throw new UserError(
      `${path} holds more than ${limits.maxEntries} files, the limit for one data set.`,
      'Split it into several data sets.',
    );
  }
}

/**
 * An archive entry's name, checked to stay inside of the archive. Nothing is ever unpacked under such a name;
 * but an archive that tries is broken or hostile, and its labels would come from its paths.
 * @throws UserError for absolute paths, `..`, drive letters, backslashes and NUL.
 */
export function checkEntryName(archive: string, name: string): void {
  const unsafe =
    name.startsWith('/') ||
    /^[a-zA-Z]:/.test(name) ||
    name.includes('\\') ||
    name.includes('\0') ||
    name.split('/').includes('..');
  if (unsafe) {
    throw new UserError(
      `${archive} holds an entry whose path leads outside of the archive: ${JSON.stringify(name)}.`,
      'Paths in an archive must be relative and without "..". Pack the folder again, e.g. tar -czf data.tar.gz folder.',
    );
  }
}

/** Bytes as a person reads them, e.g. "1.5 GiB". */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${Number((bytes / 2 ** (10 * power)).toPrecision(3))} ${units[power]}`;
}
