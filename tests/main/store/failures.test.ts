import Database from 'better-sqlite3';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/main/store/database';
import { withExplainedFailures } from '../../../src/main/store/failures';
import { HistoryStore } from '../../../src/main/store/history';
import { RowStore } from '../../../src/main/store/rows';
import { MetricStore } from '../../../src/main/store/metrics';
import { RunStore } from '../../../src/main/store/runs';
import { openStore } from '../../../src/main/store/store';
import { UserError } from '../../../src/shared/errors';
import { fakeConfig, temporaryFolder } from '../helpers';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

it('a full disk is a sentence, and what was saved before is there', () => {
  const db = openDatabase(':memory:', 'own');
  onTestFinished(() => void db.close());
  const metrics = withExplainedFailures(new MetricStore(db), '/lib/selvedge.db');
  const rows = withExplainedFailures(new RowStore(db, metrics), '/lib/selvedge.db');
  const { id } = new RunStore(db).create(fakeConfig());
  metrics.insert(id, [{ name: 'loss', step: 1, epoch: 0, time: 0, value: 1 }]);
  db.pragma(`max_page_count = ${String(db.pragma('page_count', { simple: true }))}`);
  const many = Array.from({ length: 5000 }, (_, i) => ({
    name: 'loss',
    step: 2 + i,
    epoch: 0,
    time: 0,
    value: 1,
  }));
  for (const work of [() => metrics.insert(id, many), () => rows.change(id, { notes: 'x'.repeat(20_000) })]) {
    const error = thrownBy(work);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ message: 'The disk is full: /lib/selvedge.db could not be written.' });
  }
  expect(rows.get(id, ['loss'])).toMatchObject({ notes: '', metrics: { loss: { lastStep: 1 } } });
});

it('a database that another program holds is a sentence', () => {
  const path = join(temporaryFolder(), 'selvedge.db');
  openStore(path, 'own').close();
  const db = openDatabase(path, 'own');
  db.pragma('busy_timeout = 20');
  const { id } = new RunStore(db).create(fakeConfig());
  const rows = withExplainedFailures(new RowStore(db, new MetricStore(db)), path);
  const history = withExplainedFailures(new HistoryStore(db), path);
  const other = new Database(path);
  onTestFinished(() => {
    other.close();
    db.close();
  });
  other.exec('BEGIN IMMEDIATE');
  for (const work of [() => rows.softDelete([id]), () => history.addEvent(id, 'device', 'cpu')]) {
    expect(thrownBy(work)).toBeInstanceOf(UserError);
    expect(work).toThrow(`The library's database ${path} is held by another program.`);
  }
  other.exec('ROLLBACK');
  expect(rows.softDelete([id])).toEqual([id]);
});

it('a damaged file is a sentence', () => {
  const path = join(temporaryFolder(), 'selvedge.db');
  const store = openStore(path, 'own');
  const { id } = store.runs.create(fakeConfig());
  store.close();
  const db = new Database(path);
  db.pragma('journal_mode = DELETE');
  const root = Number(
    db.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'events_by_run'").pluck().get(),
  );
  const pageSize = Number(db.pragma('page_size', { simple: true }));
  const bytes = db.serialize();
  db.close();
  bytes.fill(0x5a, (root - 1) * pageSize, root * pageSize);
  writeFileSync(path, bytes);
  const damaged = openStore(path, 'read');
  onTestFinished(() => damaged.close());
  expect(thrownBy(() => damaged.history.events(id))).toBeInstanceOf(UserError);
  expect(() => damaged.history.events(id)).toThrow(`The library's database ${path} is damaged.`);
});

it('any other error, and any other member, is passed on as it is', () => {
  const wrapped = withExplainedFailures(
    {
      size: 3,
      fail: () => {
        throw new RangeError('odd');
      },
    },
    'path',
  );
  expect(wrapped.size).toBe(3);
  expect(() => wrapped.fail()).toThrow(new RangeError('odd'));
});
