import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/main/store/database';
import { MetricStore } from '../../../src/main/store/metrics';
import { RowStore } from '../../../src/main/store/rows';
import { RunStore } from '../../../src/main/store/runs';
import { openStore, type Store } from '../../../src/main/store/store';
import { runRowSchema } from '../../../src/shared/api/run-rows';
import { UserError } from '../../../src/shared/errors';
import { runConfigSchema, type RunConfig } from '../../../src/shared/run-config';
import { fakeConfig } from '../helpers';

function emptyStore(): Store {
  const store = openStore(':memory:', 'own');
  onTestFinished(() => store.close());
  return store;
}

const withChanges = (changes: Partial<RunConfig>): RunConfig =>
  runConfigSchema.parse({ ...fakeConfig(), ...changes });
const point = (name: string, step: number, value: number) => ({
  name,
  step,
  epoch: step / 4,
  time: step,
  value,
});
const ended = { exitCode: 0, exitSignal: null, failure: null, hint: null };

describe('a row', () => {
  it('is what the contract says, newest first', () => {
    const { runs, rows, metrics } = emptyStore();
    const first = runs.create(fakeConfig(), { name: 'first', now: new Date(1000) });
    const second = runs.create(fakeConfig(), { parent: first.id, now: new Date(2000) });
    metrics.insert(second.id, [
      point('loss', 1, 3),
      point('loss', 2, 4),
      point('knn', 2, 0.5),
      point('lr', 2, 1),
    ]);
    const found = rows.list(['loss', 'lr', 'none']);
    expect(found.map((row) => row.id)).toEqual([second.id, first.id]);
    for (const row of found) expect(runRowSchema.parse({ ...row, queuePlace: null })).toMatchObject(row);
    expect(found[0]).toEqual({
      id: second.id,
      name: second.id,
      state: 'queued',
      method: 'fake',
      backbone: 'ResNet-18',
      data: 'sample',
      parent: first.id,
      color: 1,
      tags: [],
      notes: '',
      isBaseline: false,
      createdAt: 2000,
      startedAt: null,
      endedAt: null,
      trainedFor: 0,
      step: 0,
      epoch: 0,
      epochs: 4,
      metrics: {
        loss: { last: 4, lastStep: 2, min: 3, max: 4, best: 3, bestStep: 1 },
        lr: { last: 1, lastStep: 2, min: 1, max: 1, best: null, bestStep: null },
      },
      collapsed: false,
      failure: null,
      hint: null,
    });
    expect(rows.get(second.id, ['loss', 'lr'])).toEqual(found[0]);
    expect(Object.keys(rows.summaries(second.id))).toEqual(['knn', 'loss', 'lr']);
    expect(rows.metricNames()).toEqual(['knn', 'loss', 'lr']);
  });

  it('has null where JSON has no word for the value', () => {
    const { runs, rows, metrics } = emptyStore();
    const { id } = runs.create(fakeConfig());
    metrics.insert(id, [point('loss', 1, Infinity), point('loss', 2, NaN)]);
    expect(rows.get(id, ['loss']).metrics['loss']).toEqual({
      last: null,
      lastStep: 2,
      min: null,
      max: null,
      best: null,
      bestStep: 1,
    });
  });

  it.each([
    [{ kind: 'resnet', depth: 50 }, 'ResNet-50'],
    [{ kind: 'resnet', width: 0.25 }, 'ResNet-18 x 0.25'],
    [{ kind: 'vit' }, 'ViT-Ti/4'],
    [{ kind: 'vit', size: 'base', patch: 16, depth: 6 }, 'ViT-B/16 (6 blocks)'],
  ])('calls %j %s', (backbone, label) => {
    const { runs, rows } = emptyStore();
    const { id } = runs.create(withChanges({ backbone: backbone as RunConfig['backbone'] }));
    expect(rows.get(id, []).backbone).toBe(label);
  });

  it('knows the epochs of a run that ends after so many steps once it has begun', () => {
    const { runs, rows } = emptyStore();
    const { id } = runs.create(withChanges({ maxSteps: 30 }));
    expect(rows.get(id, []).epochs).toBeNull();
    runs.progress(id, 10, 1);
    expect(rows.get(id, []).epochs).toBe(3);
    runs.progress(id, 2, 1);
    expect(rows.get(id, []).epochs).toBe(4);
  });

  it('keeps its colour for ever', () => {
    const { runs, rows } = emptyStore();
    const [, second] = [runs.create(fakeConfig()), runs.create(fakeConfig())];
    runs.delete(second.id);
    const third = runs.create(fakeConfig());
    expect(rows.list([]).map((row) => row.color)).toEqual([2, 0]);
    expect(rows.get(third.id, []).color).toBe(2);
  });

  it('counts the time of every attempt, without pauses and stops', () => {
    const { runs, rows } = emptyStore();
    const { id } = runs.create(fakeConfig());
    runs.start(id, null, null, 1000);
    expect(rows.get(id, [], 1400).trainedFor).toBe(400);
    runs.pause(id, 1500);
    runs.pause(id, 1600);
    expect(rows.get(id, [], 1900).trainedFor).toBe(500);
    runs.unpause(id, 2000);
    runs.end(id, { ...ended, status: 'stopped' }, 2300);
    runs.unpause(id, 2400);
    expect(rows.get(id, [], 9000).trainedFor).toBe(800);
    runs.start(id, null, null, 5000);
    runs.end(id, { ...ended, status: 'interrupted' }, 9000, 5100);
    expect(rows.get(id, [], 9000)).toMatchObject({ trainedFor: 900, startedAt: 1000, endedAt: 9000 });
  });

  it('says that a run has collapsed until that ends, or is gone back behind', () => {
    const { runs, rows, history } = emptyStore();
    const { id } = runs.create(fakeConfig());
    const collapsed = () => rows.get(id, []).collapsed;
    history.addEvent(id, 'collapse', 'Alike.', { step: 100 });
    expect(collapsed()).toBe(true);
    history.addEvent(id, 'collapse-ended', 'Apart.', { step: 200 });
    expect(collapsed()).toBe(false);
    history.truncateAfter(id, 150);
    expect(collapsed()).toBe(true);
    history.truncateAfter(id, 50);
    expect(collapsed()).toBe(false);
    history.truncateAfter(id, 150);
    expect(collapsed()).toBe(false);
    expect(history.events(id)).toHaveLength(2);
  });
});

describe('sparklines', () => {
  it('are the means of the runs that have the metric', () => {
    const { runs, rows, metrics } = emptyStore();
    const [one, other] = [runs.create(fakeConfig()).id, runs.create(fakeConfig()).id];
    metrics.insert(one, [
      point('loss', 0, 2),
      point('loss', 1, NaN),
      point('loss', 2, 3),
      point('loss', 3, 5),
    ]);
    expect(rows.sparklines([one, other, 'none'], 'loss', 10)).toEqual({ [one]: [2, null, 3, 5] });
    expect(rows.sparklines([one], 'loss', 3)).toEqual({ [one]: [2, 4] });
  });
});

describe('changing a row', () => {
  it('sets what is given', () => {
    const { runs, rows } = emptyStore();
    const { id } = runs.create(fakeConfig());
    expect(rows.change(id, { name: ' better ', tags: ['a', ' b', 'a', ' '], notes: 'Lower rate.' })).toEqual([
      id,
    ]);
    expect(rows.get(id, [])).toMatchObject({ name: 'better', tags: ['a', 'b'], notes: 'Lower rate.' });
    rows.change(id, { tags: [] });
    expect(rows.get(id, [])).toMatchObject({ name: 'better', tags: [], notes: 'Lower rate.' });
  });

  it('refuses a name that another run has', () => {
    const { runs, rows } = emptyStore();
    const first = runs.create(fakeConfig(), { name: 'first' }).id;
    const second = runs.create(fakeConfig()).id;
    rows.change(first, { name: 'first' });
    expect(() => rows.change(second, { name: 'first', notes: 'x' })).toThrow(`is taken by run ${first}`);
    expect(() => rows.change(second, { name: first })).toThrow(UserError);
    expect(() => rows.change(second, { name: 'last' })).toThrow('stands for the newest run');
    expect(() => rows.change('none', { notes: 'x' })).toThrow('There is no run none.');
    rows.softDelete([first]);
    expect(() => rows.change(second, { name: 'first' })).toThrow('which was deleted a moment ago');
    expect(rows.get(second, [])).toMatchObject({ name: second, notes: '' });
  });

  it('has one baseline at most', () => {
    const { runs, rows } = emptyStore();
    const [one, other] = [runs.create(fakeConfig()).id, runs.create(fakeConfig()).id];
    rows.change(one, { isBaseline: true });
    expect(rows.change(other, { isBaseline: true })).toEqual([other, one]);
    expect(rows.list([]).map((row) => row.isBaseline)).toEqual([true, false]);
    rows.change(other, { isBaseline: false });
    expect(rows.list([]).map((row) => row.isBaseline)).toEqual([false, false]);
  });
});

describe('deleting with undo', () => {
  it('takes runs out of every listing, and brings them back whole', () => {
    const { runs, rows, metrics } = emptyStore();
    const { id } = runs.create(fakeConfig());
    const other = runs.create(fakeConfig()).id;
    metrics.insert(id, [point('loss', 1, 3)]);
    rows.change(id, { isBaseline: true });
    const before = rows.list(['loss'], 0);
    expect(rows.softDelete([id, id], 1000)).toEqual([id]);
    expect(rows.softDelete([id], 2000)).toEqual([]);
    expect([rows.list([]).map((row) => row.id), runs.list().map((run) => run.id)]).toEqual([
      [other],
      [other],
    ]);
    expect(rows.metricNames()).toEqual([]);
    expect([...runs.countByData()]).toEqual([['sample', 1]]);
    expect(() => rows.get(id, [])).toThrow('There is no run');
    expect(() => runs.get(id)).toThrow('There is no run');
    expect([rows.deletedBefore(1000), rows.deletedBefore(1001)]).toEqual([[], [id]]);
    expect(rows.undelete([id, other])).toEqual([id]);
    expect(rows.list(['loss'], 0)).toEqual(before);
  });

  it('refuses what it cannot do, and then does nothing', () => {
    const { runs, rows } = emptyStore();
    const [idle, live] = [runs.create(fakeConfig()).id, runs.create(fakeConfig()).id];
    runs.start(live, null, null);
    expect(() => rows.softDelete([idle, live])).toThrow(`Run ${live} is in training.`);
    expect(() => rows.softDelete([idle, 'none'])).toThrow('There is no run none.');
    expect(rows.list([])).toHaveLength(2);
    rows.softDelete([idle]);
    expect(() => rows.undelete([idle, 'none'])).toThrow('deleted too long ago');
    expect(rows.list([])).toHaveLength(1);
  });
});

it('5,000 runs with 8 metrics each are listed in a moment', () => {
  const db = openDatabase(':memory:', 'own');
  onTestFinished(() => void db.close());
  const runs = new RunStore(db);
  const metrics = new MetricStore(db);
  const rows = new RowStore(db, metrics);
  runs.create(fakeConfig());
  db.exec(`
    INSERT INTO runs (id, name, status, config, created_at, method, backbone, data_path, epochs, color, tags)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4999)
      SELECT 'run-' || i, 'name ' || i, 'done', config, i, method, backbone, data_path, epochs, i, '["a","b"]'
      FROM runs, n;
    INSERT INTO metric_series (run, name, points, last_step, last_value, min_step, min_value, max_step, max_value)
      SELECT id, column1, 100, 100, 1, 2, 0.5, 1, 3 FROM runs,
        (SELECT column1 FROM (VALUES ('a'), ('b'), ('c'), ('d'), ('e'), ('f'), ('loss'), ('knn')));`);
  const times = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    const found = rows.list(['loss', 'knn']);
    expect(rows.metricNames()).toHaveLength(8);
    const spent = process.cpuUsage(start).user / 1000;
    expect(found).toHaveLength(5000);
    expect(found.every((row) => row.metrics['loss'].best === 0.5)).toBe(true);
    return spent;
  });
  expect(Math.min(...times)).toBeLessThan(200);
});
