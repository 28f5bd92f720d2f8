import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { backboneLabel } from '../../../src/main/store/backbone-label';
import { openDatabase } from '../../../src/main/store/database';
import { MIGRATIONS } from '../../../src/main/store/migrations';
import { openStore } from '../../../src/main/store/store';
import { runRowSchema } from '../../../src/shared/api/run-rows';
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

/** A run named "run", as it was put down before there was more to say of one. */
function putRun(db: Database.Database): void {
  db.prepare('INSERT INTO runs (id, name, status, config, created_at) VALUES (?, ?, ?, ?, ?)').run(
    'run',
    'run',
    'done',
    JSON.stringify(fakeConfig()),
    1000,
  );
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

describe('the step from version 1', () => {
  /** As version 1 wrote it. */
  function libraryWithData() {
    const path = libraryOfVersion(1);
    const db = new Database(path);
    onTestFinished(() => void db.close());
    db.pragma('synchronous = OFF');
    const run = db.prepare('INSERT INTO runs (id, name, status, config, created_at) VALUES (?, ?, ?, ?, ?)');
    const vit = { kind: 'vit', size: 'tiny', patch: 4, depth: 6 };
    const wide = { kind: 'resnet', depth: 18, stem: 'cifar', width: 0.25 };
    run.run('late', 'late', 'done', JSON.stringify({ ...fakeConfig(), maxSteps: 5 }), 2000);
    run.run('early', 'My run', 'stopped', JSON.stringify({ ...fakeConfig(), backbone: vit }), 1000);
    run.run('wide', 'wide', 'done', JSON.stringify({ ...fakeConfig(), backbone: wide }), 3000);
    db.exec(
      "INSERT INTO metric_series (id, run, name, points, last_step) VALUES (7, 'late', 'loss', 2501, 2500)",
    );
    // A stop of an hour after step 999.
    db.exec(`INSERT INTO metrics
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
      SELECT 7, i, i / 10.0, i * 100 + iif(i > 999, 3600000, 0), iif(i % 500 = 3, NULL, i) FROM n`);
    const event = db.prepare("INSERT INTO events (run, time, name, message, data) VALUES (?, 0, ?, '', ?)");
    event.run('late', 'collapse', '{"step":90}');
    event.run('late', 'collapse-ended', '{"step":95}');
    event.run('early', 'collapse', '{"step":40}');
    event.run('early', 'collapse-ended', '{"step":60}');
    event.run('early', 'resumed', '{"step":50}');
    db.exec(`INSERT INTO datasets VALUES ('/images', 1, 2, '{"images":3}')`);
    return path;
  }

  function migrated() {
    const store = openStore(libraryWithData(), 'own');
    onTestFinished(() => store.close());
    return store;
  }

  it('fills the columns of the runs table', () => {
    const rows = migrated().rows.list(['loss']);
    const fields = rows.map(({ id, color, backbone, data, epochs, collapsed }) => ({
      ...{ id, color, backbone, data, epochs, collapsed },
    }));
    const all = { data: 'sample', collapsed: false };
    expect(fields).toEqual([
      { ...all, id: 'wide', color: 2, backbone: 'ResNet-18 x 0.25', epochs: 4 },
      { ...all, id: 'late', color: 1, backbone: 'ResNet-18', epochs: null },
      { ...all, id: 'early', color: 0, backbone: 'ViT-Ti/4 (6 blocks)', epochs: 4, collapsed: true },
    ]);
    expect(rows.map((row) => row.trainedFor)).toEqual([0, 2499 * 100, 0]);
    for (const row of rows) expect(runRowSchema.parse({ ...row, queuePlace: null })).toMatchObject(row);
  });

  it('names encoders as new runs are named', () => {
    const store = migrated();
    for (const { id, backbone } of store.rows.list([])) {
      expect(backbone).toBe(backboneLabel(store.runs.get(id).config.backbone));
    }
  });

  it('gives the next run the next colour', () => {
    const store = migrated();
    expect(store.rows.get(store.runs.create(fakeConfig()).id, []).color).toBe(3);
  });

  it('rolls up the curves as if they had been inserted now', () => {
    const store = migrated();
    const { id } = store.runs.create(fakeConfig());
    const points = store.metrics
      .points('late', 'loss', -1, 5000)
      .map((point) => ({ ...point, name: 'loss' }));
    expect(points).toHaveLength(2501);
    store.metrics.insert(id, points);
    for (const parts of [2, 5, 60, 2000]) {
      expect(store.metrics.curve('late', 'loss', parts)).toEqual(store.metrics.curve(id, 'loss', parts));
    }
  });

  it('keeps data sets', () => {
    const { catalogue } = migrated();
    expect(catalogue.datasets()).toMatchObject([
      { path: '/images', addedAt: 1, checkedAt: 2, report: { images: 3 }, failure: null },
    ]);
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

it('the step from version 3 tells weights from elsewhere from exports of Selvedge', () => {
  const path = libraryOfVersion(3);
  const db = new Database(path);
  const add = db.prepare(`INSERT INTO imported_encoders VALUES (?, '/e', 1, 2, ?, 3)`);
  const facts = {
    format: 'safetensors',
    architecture: 'ViT-S/16',
    imageSize: 224,
    featureSize: 384,
    features: ['embedding'],
    normalization: 'its own',
  };
  const note = "Pixels are normalized by ImageNet's mean and deviation.";
  add.run('foreign', JSON.stringify({ ...facts, warnings: ['Positions are interpolated.', note] }));
  add.run('ours', JSON.stringify({ ...facts, warnings: [] }));
  const onnx = { ...facts, format: 'onnx', normalization: 'imagenet' };
  add.run('onnx', JSON.stringify({ ...onnx, warnings: [note.replace('.', ' before they go in.')] }));
  db.close();
  const store = openStore(path, 'own');
  onTestFinished(() => store.close());
  const told = store.encoders.list().map(({ id, facts: found }) => [id, found.normalization, found.warnings]);
  expect(told).toEqual([
    ['foreign', 'imagenet', ['Positions are interpolated.']],
    ['ours', 'its own', []],
    ['onnx', 'imagenet', []],
  ]);
});

it('the step from version 2 keeps the files that were written, under their new name', () => {
  const path = libraryOfVersion(2);
  const db = new Database(path);
  putRun(db);
  db.prepare(
    `INSERT INTO embedding_sets (run, checkpoint, data_path, path, format, time, report)
     VALUES ('run', 'c', '/images', '/out.npy', 'npy', 5, '{}')`,
  ).run();
  db.close();
  const store = openStore(path, 'own');
  onTestFinished(() => store.close());
  expect(store.catalogue.embeddingFiles('run')).toMatchObject([{ path: '/out.npy', time: 5 }]);
  expect(store.sets.list()).toEqual([]);
  expect(store.encoders.list()).toEqual([]);
  store.runs.delete('run');
  expect(store.catalogue.embeddingFiles('run')).toEqual([]);
});

it('the step from version 4 has room for experiments, whose runs leave them when they are deleted', () => {
  const path = libraryOfVersion(4);
  const db = new Database(path);
  putRun(db);
  db.close();
  const store = openStore(path, 'own');
  onTestFinished(() => store.close());
  const { runs, experiments } = store;
  const record = { name: 'a', experiment: 'pair', data: '/i', labelled: null, startedAt: 5 };
  experiments.put({ ...record, settings: [['seed', '3']] });
  experiments.put({ ...record, settings: [], startedAt: 6 });
  expect(experiments.list()).toEqual([{ ...record, settings: [] }]);
  experiments.putRun('a', 'first', 'run');
  expect([experiments.runOf('a', 'first'), experiments.nameOf('run')]).toEqual(['run', 'a']);
  runs.delete('run');
  expect([experiments.runOf('a', 'first'), experiments.nameOf('run')]).toEqual([undefined, undefined]);
});
