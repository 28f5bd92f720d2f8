import { describe, expect, it, onTestFinished } from 'vitest';
import { datasetId } from '../../../src/main/store/catalogue';
import { openDatabase } from '../../../src/main/store/database';
import { LOG_LINES_KEPT } from '../../../src/main/store/history';
import { runId } from '../../../src/main/store/run-id';
import { RunStore } from '../../../src/main/store/runs';
import { openStore } from '../../../src/main/store/store';
import { fakeConfig } from '../helpers';

function emptyStore() {
  const store = openStore(':memory:', 'own');
  onTestFinished(() => store.close());
  return store;
}

describe('runs', () => {
  it('have ids that a person can read and a shell can take', () => {
    expect(runId('simclr', new Date('2026-11-22T15:30:12Z'), 'a3f')).toBe('simclr-20261122-153012-a3f');
    expect(runId('../Odd Name', new Date(0))).toMatch(/^odd-name-19700101-000000-[0-9a-f]{3}$/);
  });

  it('keep their configuration, parent and name', () => {
    const { runs } = emptyStore();
    const config = fakeConfig({ steps: 3 });
    const parent = runs.create(config);
    const child = runs.create(config, { name: 'second', parent: parent.id });
    expect(runs.get(child.id)).toMatchObject({ name: 'second', parent: parent.id, status: 'queued', config });
    expect(runs.list().map((run) => run.id)).toEqual([child.id, parent.id]);
    expect(runs.nameOf(parent.id)).toBe(parent.name);
    runs.delete(parent.id);
    expect(runs.nameOf(parent.id)).toBeUndefined();
    expect(runs.get(child.id).parent).toBe(parent.id);
  });

  it('forget how an earlier attempt ended when they start again', () => {
    const { runs } = emptyStore();
    const { id } = runs.create(fakeConfig());
    runs.start(id, 123, 'identity');
    runs.end(id, { status: 'failed', exitCode: 1, exitSignal: null, failure: 'Broken.', hint: 'Mend it.' });
    expect(runs.get(id)).toMatchObject({ status: 'failed', exitCode: 1, failure: 'Broken.', childPid: null });
    runs.start(id, 124, null);
    expect(runs.get(id)).toMatchObject({
      status: 'running',
      exitCode: null,
      failure: null,
      hint: null,
      endedAt: null,
    });
  });

  it('list 5,000 in under 200 ms of processor time', () => {
    const db = openDatabase(':memory:', 'own');
    onTestFinished(() => void db.close());
    const runs = new RunStore(db);
    runs.create(fakeConfig());
    db.exec(`INSERT INTO runs (id, name, status, config, created_at)
      WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 5000)
      SELECT 'run-' || n, 'name', 'done', config, n FROM runs, number`);
    const times = Array.from({ length: 3 }, () => {
      const start = process.cpuUsage();
      expect(runs.list()).toHaveLength(5001);
      return process.cpuUsage(start).user / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(200);
  });

  it('that do not exist are an error of usage', () => {
    expect(() => emptyStore().runs.get('none')).toThrow('There is no run none.');
  });
});

describe('history', () => {
  it('keeps the last 200 lines of the log', () => {
    const { runs, history } = emptyStore();
    const { id } = runs.create(fakeConfig());
    const other = runs.create(fakeConfig()).id;
    history.addLog(other, [{ time: 0, source: 'info', text: 'other' }]);
    for (let i = 0; i < 30; i++) {
      history.addLog(
        id,
        Array.from({ length: 10 }, (_, j) => ({ time: i, source: 'stdout', text: `${i * 10 + j}` })),
      );
    }
    const kept = history.log(id);
    expect(kept).toHaveLength(LOG_LINES_KEPT);
    expect([kept[0].text, kept.at(-1)?.text]).toEqual(['100', '299']);
    expect(history.log(other)).toHaveLength(1);
  });

  it('keeps events and evaluations with numbers that JSON lacks', () => {
    const { runs, history } = emptyStore();
    const { id } = runs.create(fakeConfig());
    history.addEvent(id, 'collapse', 'All alike.', { std: NaN });
    history.addEvaluation(id, { kind: 'knn', step: 5, data: { accuracy: 0.5 } });
    history.addEvaluation(id, { kind: 'knn', step: 9, data: { accuracy: 0.6 } });
    expect(history.events(id)).toMatchObject([
      { name: 'collapse', message: 'All alike.', data: { std: 'NaN' } },
    ]);
    history.truncateAfter(id, 5);
    expect(history.evaluations(id)).toMatchObject([{ kind: 'knn', step: 5, data: { accuracy: 0.5 } }]);
  });
});

describe('the catalogue', () => {
  it('keeps data sets, embedding sets and settings', () => {
    const { runs, catalogue } = emptyStore();
    catalogue.putDataset('/images', { images: 1 }, 1000);
    catalogue.putDataset('/images', { images: 2 }, 2000);
    const images = { id: '9c1bb79123000ca4', path: '/images', addedAt: 1000, report: { images: 2 } };
    expect(catalogue.datasets()).toEqual([{ ...images, checkedAt: 2000, failure: null, hint: null }]);
    catalogue.addDataset('/later', 3000);
    catalogue.addDataset('/images', 4000);
    expect(catalogue.datasets()[1]).toMatchObject({ path: '/later', checkedAt: null, report: null });
    catalogue.failDataset('/images', 'Gone.', 'Connect the disk.', 5000);
    const failed = { ...images, checkedAt: 5000, failure: 'Gone.', hint: 'Connect the disk.' };
    expect(catalogue.datasets()[0]).toEqual(failed);
    catalogue.putDataset('/images', { images: 3 }, 6000);
    expect(catalogue.datasets()[0]).toMatchObject({ checkedAt: 6000, failure: null, hint: null });
    catalogue.removeDataset('/later');
    expect(catalogue.datasets().map(({ path }) => path)).toEqual(['/images']);
    expect(datasetId('sample')).toBe('sample');
    const run = runs.create(fakeConfig()).id;
    const set = {
      run,
      checkpoint: 'c',
      dataPath: '/images',
      path: '/out.npy',
      format: 'npy',
      report: {},
    } as const;
    catalogue.addEmbeddingFile(set);
    expect(catalogue.embeddingFiles(run)).toMatchObject([set]);
    expect(catalogue.setting('theme')).toBeUndefined();
    catalogue.putSetting('theme', 'dark');
    expect(catalogue.setting('theme')).toBe('dark');
  });
});

it('deleting a run deletes all that belongs to it', () => {
  const { runs, metrics, history, checkpoints, catalogue } = emptyStore();
  const { id } = runs.create(fakeConfig());
  metrics.insert(id, [{ name: 'loss', step: 1, epoch: 0, time: 0, value: 1 }]);
  history.addEvent(id, 'device', 'cpu');
  checkpoints.add(id, { path: 'a', step: 1, epoch: 0, bytes: 1, kind: 'final', knn: null });
  runs.delete(id);
  expect([
    metrics.summaries(id),
    history.events(id),
    checkpoints.list(id),
    catalogue.embeddingFiles(id),
  ]).toEqual([[], [], [], []]);
});
