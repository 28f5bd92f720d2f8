/** One host at a time owns a library: a lock file that names its owner, and is taken over when the owner is dead. */
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import * as z from 'zod';
import { UserError } from '../shared/errors';
import { identityOf, isSameProcess } from './process-identity';

const ownerSchema = z.object({
  pid: z.int(),
  /** Tells the process from a later one with the same pid; null where the platform does not say. */
  identity: z.string().nullable(),
  machine: z.string(),
  /** When the lock was taken, ISO 8601. */
  since: z.string(),
});
export type LockOwner = z.infer<typeof ownerSchema>;

/** Another live process owns the library. */
export class LibraryInUse extends UserError {
  constructor(
    readonly file: string,
    readonly owner: LockOwner | null,
  ) {
    const who = owner
      ? `process ${owner.pid}${owner.machine === hostname() ? '' : ` on ${owner.machine}`} since ${owner.since}`
      : 'a process that is just starting';
    const remedy =
      owner && owner.machine !== hostname()
        ? `If nothing runs on ${owner.machine} any more, delete ${file}.`
        : 'Wait for it, stop it, or choose another library folder with --library.';
    super(
      `The library is in use by ${who}.`,
      `${remedy} Reading (runs list, runs show, export) is always possible.`,
    );
  }
}

/**
 * Takes the lock, from a dead owner too.
 * @returns a function that gives it back.
 * @throws LibraryInUse where its owner lives, or lives on another machine.
 */
export function takeLock(file: string): () => void {
  const mine: LockOwner = {
    pid: process.pid,
    identity: identityOf(process.pid),
    machine: hostname(),
    since: new Date().toISOString(),
  };
  const text = `${JSON.stringify(mine)}\n`;
  for (let attempt = 0; attempt < 20; attempt++) {
    if (createWith(file, text)) {
      return () => {
        if (read(file) === text) rmSync(file, { force: true });
      };
    }
    const found = read(file);
    if (found === undefined) continue;
    const owner = parseOwner(found);
    if (owner && mayBeAlive(owner)) throw new LibraryInUse(file, owner);
    if (!owner && attempt < 10) {
      // It may be in the writing, which takes microseconds, unless its writer died just then.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      continue;
    }
    setAside(file, found);
  }
  throw new LibraryInUse(file, null);
}

/** An owner on another machine cannot be asked, so it counts as alive. A second lock of this process does too. */
function mayBeAlive(owner: LockOwner): boolean {
  return owner.machine !== hostname() || isSameProcess(owner.pid, owner.identity);
}

/** @returns false where the file exists. */
function createWith(file: string, text: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  writeSync(descriptor, text);
  closeSync(descriptor);
  return true;
}

/** Removes the dead lock `text`. Two hosts may try at once, so what was moved is looked at before it is deleted. */
function setAside(file: string, text: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved !== undefined && moved !== text) createWith(file, moved);
  rmSync(aside, { force: true });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
