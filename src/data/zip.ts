/** The entries of a zip file and where their packed bytes are; workers unpack them one by one. */
import { getFileNameLowLevel, openPromise, type Entry, type ZipFile } from 'yauzl';
import { UserError, messageOf } from '../shared/errors';
import { isImageName } from './formats';
import { checkEntryCount, checkEntryName, checkUnpackedSize, type Limits } from './limits';
import type { Skipped, StoredFile } from './source';

const STORED = 0;
const DEFLATED = 8;

/**
 * Reads the central directory only.
 * @throws UserError for entries that lead outside, bombs, and files that are damaged or cut short.
 */
export async function indexZip(
  archive: string,
  packedBytes: number,
  limits: Limits,
  signal?: AbortSignal,
): Promise<{ files: StoredFile[]; skipped: Skipped[] }> {
  const files = new Map<string, StoredFile>();
  const skipped: Skipped[] = [];
  let unpacked = 0;
  const take = (entry: Entry, name: string): void => {
    checkEntryName(archive, name);
    unpacked += entry.uncompressedSize;
    checkUnpackedSize(archive, unpacked, packedBytes, limits);
    if (name.endsWith('/')) return;
    const reason = unreadable(entry);
    if (reason === null) {
      files.set(name, {
        name,
        file: archive,
        offset: entry.relativeOffsetOfLocalHeader,
        length: entry.compressedSize,
        zip: {
          method: entry.compressionMethod === STORED ? 'stored' : 'deflated',
          size: entry.uncompressedSize,
          crc32: entry.crc32,
        },
      });
    } else if (isImageName(name)) {
      skipped.push({ path: name, reason });
    }
  };
  let zip: ZipFile | undefined;
  try {
    // yauzl's own check of names is left to `checkEntryName`, so that all archives have one rule.
    zip = await openPromise(archive, { lazyEntries: true, autoClose: false, decodeStrings: false });
    checkEntryCount(archive, zip.entryCount, limits);
    for await (const entry of zip.eachEntry()) {
      signal?.throwIfAborted();
      take(entry, nameOf(entry));
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof UserError) throw error;
    throw new UserError(
      `The zip file ${archive} is damaged or cut short: ${messageOf(error)}.`,
      'Copy or download it again.',
    );
  } finally {
    zip?.close();
  }
  return { files: [...files.values()], skipped };
}

/** Decoded as the entry declares; backslashes, which some Windows tools write, count as slashes. */
function nameOf(entry: Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false).replace(/^(\.\/)+/, '');
}

function unreadable(entry: Entry): string | null {
  if (entry.isEncrypted()) return 'encrypted inside of the zip file';
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    return `packed with zip method ${entry.compressionMethod}; only stored and deflated files can be read`;
  }
  return null;
}
