/** Writes a file so that its path holds either the whole new content or, whatever fails, what it held before. */
import { randomBytes } from 'node:crypto';
import { open, rename, unlink, readdir, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, UserError } from '../shared/errors';

/** Marks a file that is being written; what a killed process left is safe to delete. */
const TEMPORARY = /^\..+\.[0-9a-f]{8}\.tmp$/;

/** The one call that may fail halfway; tests pass one that does. */
export type WriteChunk = (file: FileHandle, chunk: Uint8Array) => Promise<void>;

/**
 * Writes `chunks` to a temporary file beside `path`, flushes it to the disk, and renames it over `path`.
 * @throws UserError naming the path where the disk is full or the folder cannot be written to.
 */
export async function writeAtomically(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  write: WriteChunk = writeAll,
): Promise<number> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
  let bytes = 0;
  try {
    const file = await open(temporary, 'wx');
    try {
      for await (const chunk of chunks) {
        await write(file, chunk);
        bytes += chunk.byteLength;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return bytes;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw describeFailure(path, error);
  }
}

/** Deletes what killed writers left in `folder`. Call only while nobody else writes there. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (TEMPORARY.test(name)) await unlink(join(folder, name)).catch(() => undefined);
}

/** One write may take less than it was given: a pipe of bytes, not a promise of all. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength;) {
    // Linux takes at most 2 GiB - 4 KiB a call.
    const { bytesWritten } = await file.write(chunk, offset, Math.min(chunk.byteLength - offset, 1 << 30));
    offset += bytesWritten;
  }
}

/** Makes the rename itself durable. Windows cannot open folders, and needs no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space, then continue; what was saved before is untouched.'],
  EDQUOT: [
    'the disk quota is used up',
    'Free some space, then continue; what was saved before is untouched.',
  ],
  EACCES: ['the folder may not be written to', 'Give yourself write permission, or choose another folder.'],
  EPERM: ['the folder may not be written to', 'Give yourself write permission, or choose another folder.'],
  EROFS: ['the disk is read-only', 'Choose a folder on another disk.'],
  ENOENT: ['its folder does not exist', 'Create the folder, or choose another.'],
  ENOTDIR: ['its folder is a file', 'Choose another place.'],
  EISDIR: ['it is a folder', 'Choose a file name inside it.'],
};

function describeFailure(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (!Object.hasOwn(REASONS, code)) return error;
  const [reason, hint] = REASONS[code];
  return new UserError(`Could not write ${path}: ${reason} (${messageOf(error)})`, hint);
}
