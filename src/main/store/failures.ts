/** Says what is wrong with the library's file where SQLite gives up, in place of SQLite's words. */
import Database from 'better-sqlite3';
import { UserError } from '../../shared/errors';

/**
 * `store` with methods that throw a UserError where the disk is full, the file locked, damaged or out of reach. Any
 * other error is passed on as it is.
 * @param path of the file, for the message.
 */
export function withExplainedFailures<T extends object>(store: T, path: string): T {
  return new Proxy(store, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...values: unknown[]): unknown => {
        try {
          return Reflect.apply(member, target, values);
        } catch (error) {
          throw explained(error, path);
        }
      };
    },
  });
}

function explained(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  // Extended codes say more: SQLITE_IOERR_WRITE.
  const [code = ''] = /^SQLITE_[A-Z]+/.exec(error.code) ?? [];
  switch (code) {
    case 'SQLITE_FULL':
      return new UserError(
        `The disk is full: ${path} could not be written.`,
        'Make room on it, then try again. What was saved before is untouched.',
      );
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return new UserError(
        `The library's database ${path} is held by another program.`,
        'Close what else works with this file (a backup, a database viewer), then try again.',
      );
    case 'SQLITE_IOERR':
    case 'SQLITE_CANTOPEN':
      return new UserError(
        `The library's database ${path} could not be read or written (${error.code}).`,
        'Is its disk still connected, and the folder writable?',
      );
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return new UserError(
        `The library's database ${path} is damaged.`,
        'Bring back a backup of the library folder. Checkpoints in its runs folder can be used as they are.',
      );
    default:
      return error;
  }
}
