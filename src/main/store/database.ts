/** Opens the library's SQLite file, brings its schema up to date, and reads rows through zod. */
import Database from 'better-sqlite3';
import * as z from 'zod';
import { messageOf, UserError } from '../../shared/errors';
import { MIGRATIONS } from './migrations';

export type Db = Database.Database;

/** `own` may write and migrate (the caller holds the library's lock); `read` can never change a byte. */
export type Access = 'own' | 'read';

/** How long a statement waits for another process's transaction, in milliseconds. */
const BUSY_TIMEOUT = 5000;

/**
 * @throws UserError for a file of a newer version, of an older version opened for reading, or no database at all.
 */
export function openDatabase(path: string, access: Access, migrations = MIGRATIONS): Db {
  let db: Db | undefined;
  try {
    db = new Database(path, { timeout: BUSY_TIMEOUT, fileMustExist: access === 'read' });
    db.pragma('foreign_keys = ON');
    if (access === 'own') {
      db.pragma('journal_mode = WAL');
      // In WAL this loses no transaction to a crash of ours, only the last ones to a power cut.
      db.pragma('synchronous = NORMAL');
      migrate(db, path, migrations);
    } else {
      db.pragma('query_only = ON');
      if (checkedVersion(db, path, migrations) < migrations.length) {
        throw new UserError(
          `The library ${path} was made by an older Selvedge and has to be brought up to date first.`,
          'Any command that writes to it does that, for example: selvedge data add <folder>',
        );
      }
    }
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof UserError) throw error;
    throw new UserError(
      `The library's database ${path} cannot be opened: ${messageOf(error)}.`,
      'Is the folder readable and writable, and the file a Selvedge library? A copy of the folder can be opened with --library.',
    );
  }
}

/** Each step in a transaction of its own, so that a failure leaves the version before. */
function migrate(db: Db, path: string, migrations: readonly string[]): void {
  for (let version = checkedVersion(db, path, migrations); version < migrations.length; version++) {
    db.transaction(() => {
      db.exec(migrations[version]);
      db.pragma(`user_version = ${version + 1}`);
    }).immediate();
  }
}

function checkedVersion(db: Db, path: string, migrations: readonly string[]): number {
  const version = z.int().parse(db.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    throw new UserError(
      `The library ${path} was made by a newer Selvedge (format ${version}; this one knows formats up to ${migrations.length}).`,
      'Update Selvedge, or choose another library folder with --library. Nothing was changed.',
    );
  }
  return version;
}

/** All rows, each checked against `schema`. */
export function rows<T>(schema: z.ZodType<T>, found: unknown[]): T[] {
  return z.array(schema).parse(found);
}

/** One row checked against `schema`, or undefined where none was found. */
export function row<T>(schema: z.ZodType<T>, found: unknown): T | undefined {
  return found === undefined ? undefined : schema.parse(found);
}

/** A REAL column: infinities are numbers here. NaN is not: SQLite stores it as NULL. */
export const realColumn = z.union([z.number(), z.literal(Infinity), z.literal(-Infinity)]);

/** A JSON column, parsed. */
export const jsonColumn = z.string().transform((text): unknown => JSON.parse(text));
