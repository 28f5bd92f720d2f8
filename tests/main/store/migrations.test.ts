import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/main/store/database';
import { MIGRATIONS } from '../../../src/main/store/migrations';
import { openStore } from '../../../src/main/store/store';
import { UserError } from '../../../src/shared/errors';
import { fakeConfig, temporaryFolder } from '../helpers';

/** A library as version `version` of the schema left it. */
function libraryOfVersion(version: number): string {
  const path = join(temporaryFolder(), 'selvedge.db');
  const db = new Database(path);
  for (const step of MIGRATIONS.slice(0, version)) db.exec(step);
  db.pragma(`user_version = ${version}`);
  db.close();
  return path;
}

describe('migrations', () => {
  it.each(MIGRATIONS.map((_, version) => version))('bring a library of version %i up to date', (version) => {
    const path = libraryOfVersion(version);
    const store = openStore(path, 'own');
    expect(store.runs.get(store.runs.create(fakeConfig()).id).status).toBe('queued');
    store.close();
    expect(new Database(path).pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
  });

  it('keep what is in the library', () => {
    const path = libraryOfVersion(MIGRATIONS.length);
    const store = openStore(path, 'own');
    const { id } = store.runs.create(fakeConfig());
    store.close();
    const db = openDatabase(path, 'own', [...MIGRATIONS, 'ALTER TABLE runs ADD COLUMN note TEXT']);
    expect(db.prepare('SELECT id, note FROM runs').all()).toEqual([{ id, note: null }]);
    db.close();
  });

  it('leave the version before where a step fails', () => {
    const path = libraryOfVersion(MIGRATIONS.length);
    const broken = [...MIGRATIONS, 'CREATE TABLE extra (a); INSERT INTO nowhere VALUES (1)'];
    expect(() => openDatabase(path, 'own', broken)).toThrow(/cannot be opened/);
    const db = new Database(path);
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'extra'").get()).toEqual({
      n: 0,
    });
    db.close();
  });

  it.each(['own', 'read'] as const)('refuse a library of a newer version (%s)', (access) => {
    const path = libraryOfVersion(MIGRATIONS.length);
    const db = new Database(path);
    db.pragma('user_version = 99');
    db.close();
    expect(() => openStore(path, access)).toThrow(UserError);
    expect(() => openStore(path, access)).toThrow(
      /newer Selvedge \(format 99; this one knows formats up to \d+\)/,
    );
  });

  it('do not happen in a library that is only read', () => {
    const path = libraryOfVersion(0);
    expect(() => openStore(path, 'read')).toThrow(/older Selvedge/);
  });
});

describe('a store opened for reading', () => {
  it('sees what the owner writes, and cannot write', () => {
    const path = join(temporaryFolder(), 'selvedge.db');
    const owner = openStore(path, 'own');
    const reader = openStore(path, 'read');
    const { id } = owner.runs.create(fakeConfig());
    expect(reader.runs.list().map((run) => run.id)).toEqual([id]);
    expect(() => reader.runs.delete(id)).toThrow(/readonly/);
    reader.close();
    owner.close();
  });
});

it('a file that is no database is an error with its path', async () => {
  const { writeFileSync } = await import('node:fs');
  const path = join(temporaryFolder(), 'selvedge.db');
  writeFileSync(path, 'not a database, but long enough to be read as a header of one'.repeat(20));
  expect(() => openStore(path, 'own')).toThrow(`The library's database ${path} cannot be opened`);
});
