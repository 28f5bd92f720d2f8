/** A host: an open library with the runner that works for it. The CLI and the windows are faces of this. */
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultLibraryFolder, openLibrary, type Library } from './library';
import { identityOf, isAlive } from './process-identity';
import type { Access } from './store/database';
import type { Store } from './store/store';
import type { Runner } from './supervisor/job-process';
import { Supervisor } from './supervisor/supervisor';

export interface Host {
  readonly library: Library;
  readonly store: Store;
  readonly runner: Runner;
  readonly supervisor: Supervisor;
  /** Gives the library back. Runs in training must have ended. */
  close(): void;
}

/**
 * @param folder the library; the default one where left out.
 * @param access `own` to train, record or delete: one host at a time, and what a dead host left is cleared up.
 *   `read` for the rest: always possible.
 * @throws UserError, see {@link openLibrary}.
 */
export async function openHost(
  runner: Runner,
  access: Access,
  folder = defaultLibraryFolder(),
): Promise<Host> {
  const library = openLibrary(folder, access);
  const { store } = library;
  if (access === 'own') await interruptOrphans(store);
  return {
    library,
    store,
    runner,
    supervisor: new Supervisor(store, folder, runner),
    close: () => library.close(),
  };
}

/** Runs that a dead host left running are interrupted; a child that outlived it must not write beside a new one. */
async function interruptOrphans(store: Store): Promise<void> {
  for (const { id, childPid, childIdentity } of store.runs.list('running')) {
    if (childPid !== null && childIdentity !== null && identityOf(childPid) === childIdentity) {
      process.kill(childPid, 'SIGKILL');
      for (let waited = 0; isAlive(childPid) && waited < 5000; waited += 20) await sleep(20);
    }
    const failure = 'The program that trained this run ended before it did.';
    const end = {
      status: 'interrupted',
      exitCode: null,
      exitSignal: null,
      failure,
      hint: `Continue it: selvedge resume ${id}`,
    } as const;
    const now = Date.now();
    store.runs.end(id, end, now, store.runs.lastSign(id) ?? now);
    store.history.addEvent(id, 'interrupted', failure);
  }
}
