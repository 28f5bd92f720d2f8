/** From a path that a user gave to a source of images. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../shared/errors';
import { openFolder } from './folder';
import { extensionOf, isImageName } from './formats';
import { gunzipFile } from './gzip';
import type { Limits } from './limits';
import { listImages } from './listing';
import type { DataProgress, Source } from './source';
import { indexTar, isTarHeader } from './tar';
import { indexZip } from './zip';

const EXPECTED =
  'Give a folder of images, or a .tar, .tar.gz, .tgz or .zip of one, a CIFAR-10 or STL-10 archive, or "sample".';
/** An archive's ends say what is in it: zip's list of files with check sums, gzip's check sum of everything. */
const HASHED_END_BYTES = 2 ** 20;

/**
 * The kind is told by the first bytes, not by the extension.
 * @throws UserError where there is nothing at `path` or nothing that holds images.
 */
export async function openSource(
  path: string,
  limits: Limits,
  onProgress: (progress: DataProgress) => void,
  signal?: AbortSignal,
): Promise<Source> {
  const stats = statPath(path);
  if (stats.isDirectory()) return openFolder(path, limits, onProgress, signal);
  if (!stats.isFile()) throw new UserError(`${path} is neither a folder nor a file.`, EXPECTED);
  const { start, hash } = readEnds(path, stats.size);
  const fingerprint = `archive:${basename(path)}:${stats.size}:${stats.mtimeMs}:${hash}`;
  if (start[0] === 0x1f && start[1] === 0x8b) {
    return {
      kind: 'tar.gz',
      fingerprint,
      async list(context) {
        const tar = join(context.scratch, 'unpacked.tar');
        await gunzipFile(path, tar, context);
        if (!isTarHeader(readStart(tar))) {
          throw new UserError(
            `${path} is packed with gzip, but what is inside is not a tar archive.`,
            EXPECTED,
          );
        }
        const { files, skipped } = await indexTar(tar, path, context.limits, context.signal);
        return listImages(path, files, skipped);
      },
    };
  }
  if (start.toString('latin1', 0, 2) === 'PK') {
    return {
      kind: 'zip',
      fingerprint,
      async list(context) {
        const { files, skipped } = await indexZip(path, stats.size, context.limits, context.signal);
        return listImages(path, files, skipped);
      },
    };
  }
  if (isTarHeader(start)) {
    return {
      kind: 'tar',
      fingerprint,
      async list(context) {
        const { files, skipped } = await indexTar(path, path, context.limits, context.signal);
        return listImages(path, files, skipped);
      },
    };
  }
  throw unknownFile(path, stats.size);
}

function statPath(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new UserError(`There is no folder or file at ${path}.`, `Check the spelling. ${EXPECTED}`);
    }
    throw new UserError(`Cannot read ${path} (${String(code)}).`, 'Check its permissions.');
  }
}

function unknownFile(path: string, size: number): UserError {
  if (size === 0) return new UserError(`${path} is an empty file (0 bytes).`, EXPECTED);
  if (isImageName(path)) {
    return new UserError(
      `${path} is a single image file; a data set is a folder or archive of images.`,
      EXPECTED,
    );
  }
  const extension = extensionOf(path);
  if (['tar', 'tgz', 'gz', 'zip'].includes(extension)) {
    return new UserError(
      `${path} is not a .${extension} archive, or is damaged from its first byte.`,
      EXPECTED,
    );
  }
  return new UserError(
    `${path} is not a kind of file that holds images${extension ? ` (.${extension})` : ''}.`,
    EXPECTED,
  );
}

function readStart(path: string): Buffer {
  return readEnds(path, 512).start;
}

/** The first 512 bytes, and a hash of the first and last MiB. */
function readEnds(path: string, size: number): { start: Buffer; hash: string } {
  let fd;
  try {
    fd = openSync(path, 'r');
  } catch {
    throw new UserError(`Cannot read ${path}.`, 'Check its permissions.');
  }
  try {
    const head = Buffer.alloc(Math.min(size, HASHED_END_BYTES));
    const tail = Buffer.alloc(Math.min(size, HASHED_END_BYTES));
    const read = readSync(fd, head, 0, head.length, 0);
    readSync(fd, tail, 0, tail.length, size - tail.length);
    return {
      start: head.subarray(0, Math.min(512, read)),
      hash: createHash('sha256').update(head).update(tail).digest('hex'),
    };
  } finally {
    closeSync(fd);
  }
}
