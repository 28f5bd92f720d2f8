/** The libraries that are measured: many runs, one with a million points, one that waits to train. */
import { mkdirSync } from 'node:fs';
import { databasePath } from '../../src/main/library';
import { openDatabase } from '../../src/main/store/database';
import { openStore } from '../../src/main/store/store';
import { runConfigSchema } from '../../src/shared/run-config';

export const RUNS = 5000;
const SERIES = 8;
export const CURVES = 10;
export const POINTS_PER_CURVE = 100_000;

/** What a run reports; the first eight in the runs of the table. */
export const METRICS = [
  'loss',
  'knn',
  'pairAccuracy',
  'embeddingSpread',
  'embeddingStd',
  'learningRate',
  'gradNorm',
  'imagesPerSecond',
  'testAccuracy',
  'accuracy',
] as const;

const CONFIG = runConfigSchema.parse({
  method: 'simclr',
  backbone: { kind: 'resnet' },
  data: { path: 'sample' },
  optimizer: { kind: 'sgd' },
  learningRate: 0.1,
  batchSize: 128,
  epochs: 200,
});

/**
 * `RUNS` runs with `SERIES` curves of twenty points each, and one more, the newest, with `CURVES` curves of
 * `POINTS_PER_CURVE` points. @returns the id of that one.
 */
export function writeLargeLibrary(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const store = openStore(databasePath(folder), 'own');
  const now = Date.now();
  const ended = { status: 'done', exitCode: 0, exitSignal: null, failure: null, hint: null } as const;
  const add = (name: string, createdAt: number): string => {
    const { id } = store.runs.create(CONFIG, { name, now: new Date(createdAt) });
    store.runs.start(id, null, null, createdAt);
    store.runs.progress(id, POINTS_PER_CURVE, 200);
    store.runs.end(id, ended, createdAt + 3_600_000);
    return id;
  };
  const pattern = add('pattern', now - 86_400_000);
  const long = add('a million points', now - 7_200_000);
  store.close();

  const db = openDatabase(databasePath(folder), 'own');
  db.transaction(() => {
    db.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :runs)
       INSERT INTO runs (id, name, status, config, created_at, started_at, ended_at, step, epoch, method, backbone,
           data_path, epochs, color, tags, trained_for, exit_code)
         SELECT 'simclr-20260101-' || printf('%06d', i) || '-abc', 'simclr-r18 number ' || i,
           CASE i % 5 WHEN 0 THEN 'stopped' WHEN 1 THEN 'interrupted' ELSE 'done' END, config,
           created_at - i * 60000, started_at - i * 60000, ended_at - i * 60000, step, epoch, method, backbone,
           data_path, epochs, i, CASE i % 3 WHEN 0 THEN '["sweep","lr"]' ELSE '[]' END, trained_for, 0
         FROM n, runs WHERE runs.id = :pattern`,
    ).run({ runs: RUNS, pattern });
    db.prepare('DELETE FROM runs WHERE id = ?').run(pattern);
    const addCurves = (count: number, points: number, stride: number, which: string): void => {
      db.prepare(
        `INSERT INTO metric_series (run, name) SELECT runs.id, value FROM runs, json_each(:names) WHERE ${which}`,
      ).run({ names: JSON.stringify(METRICS.slice(0, count)), long });
      db.prepare(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :points)
         INSERT INTO metrics
           SELECT series.id, i * :stride, i * :stride / 500.0, runs.started_at + i * :stride * 36.0,
             0.3 + 1 / (1 + i * :stride * 0.001) + (i * 7919 + series.id * 104729) % 1000 / 5000.0
           FROM metric_series AS series JOIN runs ON runs.id = series.run, n WHERE ${which} ORDER BY series.id, i`,
      ).run({ points, stride: BigInt(stride), long });
    };
    addCurves(CURVES, POINTS_PER_CURVE, 1, 'runs.id = :long');
    addCurves(SERIES, 20, 50, 'runs.id <> :long');
    // As the store keeps them: roll-ups, and a summary of each curve.
    db.exec(
      `INSERT INTO metric_blocks
         SELECT part.*, metrics.epoch, metrics.time, metrics.value FROM (
           SELECT series, column1 AS width, step / column1 AS block, count(*), count(*) - count(value), min(value),
             max(value), total(value), max(step) AS last_step
           FROM metrics, (VALUES (32), (1024)) GROUP BY series, width, block
         ) AS part JOIN metrics ON metrics.series = part.series AND metrics.step = part.last_step;
       UPDATE metric_series AS series SET points = own.points, last_step = own.last, min_value = own.min,
           max_value = own.max,
           last_value = (SELECT value FROM metrics WHERE metrics.series = series.id AND step = own.last),
           min_step = (SELECT step FROM metrics WHERE metrics.series = series.id ORDER BY value, step LIMIT 1),
           max_step = (SELECT step FROM metrics WHERE metrics.series = series.id ORDER BY value DESC, step LIMIT 1)
         FROM (SELECT series AS id, count(*) AS points, max(step) AS last, min(value) AS min, max(value) AS max
               FROM metrics GROUP BY series) AS own
         WHERE own.id = series.id;`,
    );
  }).immediate();
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  return long;
}

/** One run that waits in the queue. @returns its id. */
export function writeQueuedRun(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const store = openStore(databasePath(folder), 'own');
  const { id } = store.runs.create(CONFIG);
  store.close();
  return id;
}
