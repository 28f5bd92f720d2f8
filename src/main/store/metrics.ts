/**
 * Metrics: one curve (series) a run and name, its points keyed by step, and a summary kept beside it so that a run
 * table never reads points. NaN is stored as NULL, infinities as they are.
 */
import * as z from 'zod';
import type { MetricPoint } from '../../shared/protocol';
import { realColumn, row, rows, type Db } from './database';

const real = realColumn.nullable();
const value = real.transform((stored) => stored ?? NaN);

const seriesSchema = z.object({
  id: z.int(),
  run: z.string(),
  name: z.string(),
  points: z.int(),
  lastStep: z.int(),
  last: value,
  minStep: z.int().nullable(),
  min: real,
  maxStep: z.int().nullable(),
  max: real,
});
type Series = z.infer<typeof seriesSchema>;

const seriesColumns = `id, run, name, points, last_step AS lastStep, last_value AS last,
  min_step AS minStep, min_value AS min, max_step AS maxStep, max_value AS max`;

/** A curve in one row; min and max are null where every value is NaN. `best` is null where neither end is better. */
export type MetricSummary = Omit<Series, 'id'> & { best: number | null; bestStep: number | null };

const bucketSchema = z.object({
  firstStep: z.int(),
  lastStep: z.int(),
  /** Epoch at `lastStep`. */
  epoch: z.number(),
  /** Milliseconds since the Unix epoch at `lastStep`. */
  time: z.number(),
  points: z.int(),
  /** How many of the points are NaN; min, max and mean leave them out, and are null where all are. */
  nans: z.int(),
  min: real,
  max: real,
  mean: real,
  last: value,
});
export type MetricBucket = z.infer<typeof bucketSchema>;

/** Which end of a curve is good, by its name; undefined where that has no meaning (a learning rate). */
export function betterDirection(name: string): 'lower' | 'higher' | undefined {
  if (/loss|error/i.test(name)) return 'lower';
  if (/knn|accuracy|recall|precision|top\d/i.test(name)) return 'higher';
  return undefined;
}

export class MetricStore {
  constructor(private readonly db: Db) {}

  /** Adds points in one transaction. A point at a step that is already there replaces it. */
  insert(run: string, points: readonly MetricPoint[]): void {
    this.db
      .transaction(() => {
        for (const [name, curve] of Map.groupBy(points, (point) => point.name))
          this.insertCurve(run, name, curve);
      })
      .immediate();
  }

  /** Deletes every point with a step above `step`, so that a curve continued from there stays monotone. */
  truncateAfter(run: string, step: number): void {
    this.db
      .transaction(() => {
        for (const series of this.seriesOf(run)) {
          if (series.lastStep <= step) continue;
          this.db.prepare('DELETE FROM metrics WHERE series = ? AND step > ?').run(series.id, step);
          this.resummarize(series);
        }
        this.db.prepare('DELETE FROM metric_series WHERE run = ? AND points = 0').run(run);
      })
      .immediate();
  }

  /** Every curve of the run in one row each, by name. */
  summaries(run: string): MetricSummary[] {
    return this.seriesOf(run).map(summaryOf);
  }

  /** The summaries of one metric for all runs that have it, by run id. */
  summariesByRun(name: string): Map<string, MetricSummary> {
    const found = this.db.prepare(`SELECT ${seriesColumns} FROM metric_series WHERE name = ?`).all(name);
    return new Map(rows(seriesSchema, found).map((series) => [series.run, summaryOf(series)]));
  }

  /**
   * A curve in at most `buckets` parts of equal width in steps, empty ones left out.
   * @param range steps, both ends included; the whole curve where left out.
   */
  buckets(run: string, name: string, buckets: number, range?: { from: number; to: number }): MetricBucket[] {
    const series = this.find(run, name);
    if (!series) return [];
    const from = range?.from ?? this.firstStep(series.id);
    const to = range?.to ?? series.lastStep;
    const query = this.db.prepare(
      `SELECT bucket.*, metrics.epoch, metrics.time, metrics.value AS last FROM (
         SELECT min(step) AS firstStep, max(step) AS lastStep, count(*) AS points,
           count(*) - count(value) AS nans, min(value) AS min, max(value) AS max, avg(value) AS mean
         FROM metrics WHERE series = :series AND step BETWEEN :from AND :to
         GROUP BY (step - :from) * :buckets / (:to - :from + 1)
       ) AS bucket JOIN metrics ON metrics.series = :series AND metrics.step = bucket.lastStep
       ORDER BY bucket.lastStep`,
    );
    // BigInt binds as INTEGER, which makes the division a whole one.
    const counts = { from: BigInt(from), to: BigInt(to), buckets: BigInt(Math.max(1, Math.trunc(buckets))) };
    return rows(bucketSchema, query.all({ series: series.id, ...counts }));
  }

  private insertCurve(run: string, name: string, points: readonly MetricPoint[]): void {
    this.db.prepare('INSERT OR IGNORE INTO metric_series (run, name) VALUES (?, ?)').run(run, name);
    const series = this.find(run, name)!;
    const insert = this.db.prepare(
      'INSERT OR REPLACE INTO metrics (series, step, epoch, time, value) VALUES (?, ?, ?, ?, ?)',
    );
    let inOrder = true;
    for (const point of points) {
      insert.run(series.id, point.step, point.epoch, point.time, point.value);
      inOrder &&= point.step > series.lastStep;
      if (inOrder) extend(series, point);
    }
    if (inOrder) this.save(series);
    else this.resummarize(series);
  }

  private save(series: Series): void {
    this.db
      .prepare(
        `UPDATE metric_series SET points = :points, last_step = :lastStep, last_value = :last, min_step = :minStep,
           min_value = :min, max_step = :maxStep, max_value = :max WHERE id = :id`,
      )
      .run({ ...series });
  }

  /** The summary from the points themselves: after points were replaced or deleted. */
  private resummarize(series: Series): void {
    const at = (order: string, known: string) =>
      `(SELECT step FROM metrics WHERE series = :id ${known} ORDER BY ${order} LIMIT 1)`;
    this.db
      .prepare(
        `UPDATE metric_series SET
           points = (SELECT count(*) FROM metrics WHERE series = :id),
           last_step = coalesce(${at('step DESC', '')}, -1),
           min_step = ${at('value, step', 'AND value IS NOT NULL')},
           max_step = ${at('value DESC, step', 'AND value IS NOT NULL')}
         WHERE id = :id`,
      )
      .run({ id: series.id });
    const valueAt = (step: string) => `(SELECT value FROM metrics WHERE series = :id AND step = ${step})`;
    this.db
      .prepare(
        `UPDATE metric_series SET last_value = ${valueAt('last_step')}, min_value = ${valueAt('min_step')},
           max_value = ${valueAt('max_step')} WHERE id = :id`,
      )
      .run({ id: series.id });
  }

  private find(run: string, name: string): Series | undefined {
    const found = this.db.prepare(`SELECT ${seriesColumns} FROM metric_series WHERE run = ? AND name = ?`);
    return row(seriesSchema, found.get(run, name));
  }

  private seriesOf(run: string): Series[] {
    const found = this.db.prepare(`SELECT ${seriesColumns} FROM metric_series WHERE run = ? ORDER BY name`);
    return rows(seriesSchema, found.all(run));
  }

  private firstStep(series: number): number {
    const first = this.db.prepare('SELECT min(step) FROM metrics WHERE series = ?').pluck().get(series);
    return z.int().nullable().parse(first) ?? 0;
  }
}

/** The summary with one later point. */
function extend(series: Series, point: MetricPoint): void {
  series.points++;
  series.lastStep = point.step;
  series.last = point.value;
  if (Number.isNaN(point.value)) return;
  if (series.min === null || point.value < series.min) {
    series.min = point.value;
    series.minStep = point.step;
  }
  if (series.max === null || point.value > series.max) {
    series.max = point.value;
    series.maxStep = point.step;
  }
}

function summaryOf({ id: _id, ...series }: Series): MetricSummary {
  const direction = betterDirection(series.name);
  if (direction === 'lower') return { ...series, best: series.min, bestStep: series.minStep };
  if (direction === 'higher') return { ...series, best: series.max, bestStep: series.maxStep };
  return { ...series, best: null, bestStep: null };
}
