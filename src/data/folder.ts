/** A folder of images, walked in an order that does not depend on the file system. */
import { createHash } from 'node:crypto';
import { readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '../shared/errors';
import { isHiddenName, isImageName } from './formats';
import { checkEntryCount, type Limits } from './limits';
import { listImages } from './listing';
import type { DataProgress, Skipped, Source, StoredFile } from './source';

/** Deeper folders are listed as skipped; a guard against tangles of links. */
const MAX_DEPTH = 64;
/** Files looked at before other work of this process gets a turn. */
const FILES_A_TURN = 1000;

interface Walk {
  files: StoredFile[];
  skipped: Skipped[];
  /** One line a file: name, bytes, modification time. */
  lines: string[];
}

/**
 * @param root an existing folder.
 * @throws UserError where the folder itself cannot be read or holds too many files.
 */
export async function openFolder(
  root: string,
  limits: Limits,
  onProgress: (progress: DataProgress) => void,
  signal?: AbortSignal,
): Promise<Source> {
  const walk = await walkFolder(root, limits, onProgress, signal);
  const hash = createHash('sha256');
  for (const line of walk.lines.sort()) hash.update(line);
  return {
    kind: 'folder',
    fingerprint: `folder:${hash.digest('hex')}`,
    list: () => Promise.resolve(listImages(root, walk.files, walk.skipped)),
  };
}

async function walkFolder(
  root: string,
  limits: Limits,
  onProgress: (progress: DataProgress) => void,
  signal?: AbortSignal,
): Promise<Walk> {
  const walk: Walk = { files: [], skipped: [], lines: [] };
  let sinceTurn = 0;
  const visit = async (relative: string, ancestors: string[]): Promise<void> => {
    const folder = join(root, relative);
    for (const name of namesIn(folder, relative, root, walk.skipped)) {
      if (++sinceTurn >= FILES_A_TURN) {
        sinceTurn = 0;
        onProgress({ stage: 'listing', done: walk.files.length, total: 0, unit: 'files' });
        await nextTurn();
        signal?.throwIfAborted();
      }
      if (isHiddenName(name)) continue;
      const path = relative ? `${relative}/${name}` : name;
      const stats = statOrReason(join(root, path));
      if (typeof stats === 'string') {
        walk.skipped.push({ path, reason: stats });
      } else if (stats.isDirectory()) {
        const real = realpathSync(join(root, path));
        if (ancestors.includes(real))
          walk.skipped.push({ path, reason: 'a link to a folder that contains it' });
        else if (ancestors.length >= MAX_DEPTH)
          walk.skipped.push({ path, reason: `over ${MAX_DEPTH} folders deep` });
        else await visit(path, [...ancestors, real]);
      } else if (stats.isFile()) {
        walk.files.push({
          name: path,
          file: join(root, path),
          offset: 0,
          length: stats.size,
          modified: stats.mtimeMs,
          zip: null,
        });
        walk.lines.push(`${path}\0${stats.size}\0${stats.mtimeMs}\n`);
        checkEntryCount(root, walk.files.length, limits);
      } else if (isImageName(name)) {
        walk.skipped.push({ path, reason: 'not a regular file' });
      }
    }
  };
  await visit('', [realpathSync(root)]);
  return walk;
}

function namesIn(folder: string, relative: string, root: string, skipped: Skipped[]): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const reason = reasonOf(error);
    if (relative === '')
      throw new UserError(`Cannot read the folder ${root}: ${reason}.`, 'Check its permissions.');
    skipped.push({ path: `${relative}/`, reason });
    return [];
  }
}

/** What is at `path`, links followed; or why it cannot be told. */
function statOrReason(path: string): Stats | string {
  try {
    return statSync(path);
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const known: Record<string, string> = {
    ENOENT: 'a link to nothing',
    ELOOP: 'a link that leads back to itself',
    EACCES: 'no permission to read it',
    EPERM: 'no permission to read it',
  };
  return known[code] ?? `cannot be read (${code})`;
}
