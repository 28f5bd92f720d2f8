/** A library: the one folder that holds runs, their files and the database. Layout in docs/library.md. */
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf, UserError } from '../shared/errors';
import { takeLock } from './lock';
import type { Access } from './store/database';
import { openStore, type Store } from './store/store';

/** Where the library is when nobody says otherwise: SELVEDGE_LIBRARY, else the platform's data folder. */
export function defaultLibraryFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  if (env['SELVEDGE_LIBRARY']) return resolve(env['SELVEDGE_LIBRARY']);
  if (platform === 'win32') return join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), 'Selvedge');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Selvedge');
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'selvedge');
}

export interface Library {
  readonly folder: string;
  readonly access: Access;
  readonly store: Store;
  close(): void;
}

/**
 * Opens the library, and creates it where `access` is `own` and the folder is new. Reading takes no lock: SQLite's
 * write-ahead log shows readers the last committed state while the owner writes.
 * @throws UserError for a library in use (`own` only), of a newer version, or in a folder that cannot be used.
 */
export function openLibrary(folder: string, access: Access): Library {
  const path = databasePath(folder);
  if (access === 'read') {
    // A library that does not exist yet reads as an empty one, and reading does not create it.
    const store = existsSync(path) ? openStore(path, 'read') : openStore(':memory:', 'own');
    return { folder, access, store, close: () => store.close() };
  }
  const unlock = lockFolder(folder);
  try {
    const store = openStore(path, 'own');
    return {
      folder,
      access,
      store,
      close: () => {
        store.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

function lockFolder(folder: string): () => void {
  try {
    mkdirSync(folder, { recursive: true });
    return takeLock(join(folder, 'selvedge.lock'));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `The library folder ${folder} cannot be used: ${messageOf(error)}.`,
      'Choose a folder you can write to with --library or SELVEDGE_LIBRARY.',
    );
  }
}

export const databasePath = (folder: string): string => join(folder, 'selvedge.db');
/** Decoded images by content; safe to delete. */
export const cacheFolder = (folder: string): string => join(folder, 'cache');
export const runFolder = (folder: string, run: string): string => join(folder, 'runs', run);
export const pictureFolder = (folder: string, run: string): string =>
  join(runFolder(folder, run), 'pictures');
export const checkpointFolder = (folder: string, run: string): string =>
  join(runFolder(folder, run), 'checkpoints');
/** What is in it: src/explorer/set-files.ts. */
export const setFolder = (folder: string, set: string): string => join(folder, 'embeddings', set);
