/** A folder for files in the making, inside of the cache so that a rename suffices; leftovers of the dead go. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError, messageOf } from '../shared/errors';

const PREFIX = '.building-';

/** @throws UserError where the cache folder cannot be written. */
export function makeScratch(cacheDirectory: string): string {
  try {
    mkdirSync(cacheDirectory, { recursive: true });
    removeLeftovers(cacheDirectory);
    return mkdtempSync(join(cacheDirectory, `${PREFIX}${process.pid}-`));
  } catch (error) {
    throw new UserError(
      `Cannot write the image cache in ${cacheDirectory}: ${messageOf(error)}.`,
      'Choose a library folder (--library) that you may write to.',
    );
  }
}

/** What processes left that were killed while they decoded. */
function removeLeftovers(cacheDirectory: string): void {
  for (const name of readdirSync(cacheDirectory)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : NaN;
    if (pid > 0 && !isAlive(pid)) rmSync(join(cacheDirectory, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
