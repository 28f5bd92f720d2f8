/**
 * Metrics: one curve (series) a run and name, its points keyed by step, and a summary kept beside it so that a run
 * table never reads points. NaN is stored as NULL, infinities as they are.
 */
import * as z from 'zod';
import type { Curve } from '../../shared/api/files';
import { betterDirection } from '../../shared/metric-direction';
import type { MetricPoint } from '../../shared/protocol';
import { CurveReader, type StepRange } from './curves';
import { realColumn, rows, type Db } from './database';
import { MetricBlocks } from './metric-blocks';

/** As SQLite gives it; the schema's types are the proof, so that it is not checked at every batch. */
interface SeriesRecord {
  id: number;
  run: string;
  name: string;
  points: number;
  lastStep: number;
  last: number | null;
  minStep: number | null;
  min: number | null;
  maxStep: number | null;
  max: number | null;
}
type Series = SeriesRecord & { last: number };

const seriesColumns = `id, run, name, points, last_step AS lastStep, last_value AS last,
  min_step AS minStep, min_value AS min, max_step AS maxStep, max_value AS max`;

/** A curve in one row; min and max are null where every value is NaN. `best` is null where neither end is better. */
export type MetricSummary = Omit<Series, 'id'> & { best: number | null; bestStep: number | null };

const pointSchema = z.object({
  step: z.int(),
  epoch: z.number(),
  time: z.number(),
  value: realColumn.nullable().transform((stored) => stored ?? NaN),
});

export class MetricStore {
  private readonly curves: CurveReader;
  private readonly blocks: MetricBlocks;
  private readonly create;
  private readonly one;
  private readonly put;
  private readonly putSummary;

  constructor(private readonly db: Db) {
    this.curves = new CurveReader(db);
    this.blocks = new MetricBlocks(db);
    this.create = db.prepare('INSERT INTO metric_series (run, name) VALUES (?, ?)');
    this.one = db.prepare<[string, string], SeriesRecord>(
      `SELECT ${seriesColumns} FROM metric_series WHERE run = ? AND name = ?`,
    );
    this.put = db.prepare(
      'INSERT OR REPLACE INTO metrics (series, step, epoch, time, value) VALUES (?, ?, ?, ?, ?)',
    );
    this.putSummary = db.prepare(
      `UPDATE metric_series SET points = :points, last_step = :lastStep, last_value = :last, min_step = :minStep,
         min_value = :min, max_step = :maxStep, max_value = :max WHERE id = :id`,
    );
  }

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
          this.blocks.truncateAfter(series.id, step);
          this.resummarize(series.id);
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
    const found = this.db
      .prepare<[string], SeriesRecord>(`SELECT ${seriesColumns} FROM metric_series WHERE name = ?`)
      .all(name);
    return new Map(found.map((series) => [series.run, summaryOf(withNaN(series))]));
  }

  /** A curve in at most `parts` parts of equal width, see {@link CurveReader.read}. */
  curve(run: string, name: string, parts: number, range?: StepRange): Curve {
    return this.curves.read(run, name, parts, range);
  }

  /** At most `count` points of a curve with a step above `after`, in their order. */
  points(run: string, name: string, after: number, count: number): Omit<MetricPoint, 'name'>[] {
    const query = this.db.prepare(
      `SELECT step, epoch, time, value FROM metrics
       WHERE series = (SELECT id FROM metric_series WHERE run = ? AND name = ?) AND step > ?
       ORDER BY step LIMIT ?`,
    );
    return rows(pointSchema, query.all(run, name, after, count));
  }

  private insertCurve(run: string, name: string, points: readonly MetricPoint[]): void {
    const series = this.find(run, name) ?? this.begin(run, name);
    let inOrder = true;
    for (const point of points) {
      this.put.run(series.id, point.step, point.epoch, point.time, point.value);
      inOrder &&= point.step > series.lastStep;
      if (inOrder) extend(series, point);
    }
    if (inOrder) {
      this.blocks.append(series.id, points);
      this.putSummary.run(series);
    } else {
      const steps = points.map((point) => point.step);
      this.blocks.rebuild(series.id, steps);
      this.resummarize(series.id);
    }
  }

  /** The summary from the blocks and few points: after points were replaced or deleted. */
  private resummarize(id: number): void {
    const wide = 'FROM metric_blocks WHERE series = :id AND width = 1024';
    // The first step of the extreme value lies in the first block that has it.
    const extremeStep = (extreme: 'min' | 'max', order: 'ASC' | 'DESC') =>
      `(SELECT step FROM metrics,
          (SELECT block ${wide} AND ${extreme} IS NOT NULL ORDER BY ${extreme} ${order}, block LIMIT 1) AS first
        WHERE series = :id AND step >= first.block * 1024 AND step < (first.block + 1) * 1024
          AND value IS NOT NULL ORDER BY value ${order}, step LIMIT 1)`;
    this.db
      .prepare(
        `UPDATE metric_series SET
           points = (SELECT coalesce(sum(points), 0) ${wide}),
           last_step = coalesce((SELECT max(last_step) ${wide}), -1),
           last_value = (SELECT last_value ${wide} ORDER BY block DESC LIMIT 1),
           min_value = (SELECT min(min) ${wide}), min_step = ${extremeStep('min', 'ASC')},
           max_value = (SELECT max(max) ${wide}), max_step = ${extremeStep('max', 'DESC')}
         WHERE id = :id`,
      )
      .run({ id });
  }

  private find(run: string, name: string): Series | undefined {
    const found = this.one.get(run, name);
    return found && withNaN(found);
  }

  private begin(run: string, name: string): Series {
    this.create.run(run, name);
    return this.find(run, name)!;
  }

  private seriesOf(run: string): Series[] {
    return this.db
      .prepare<[string], SeriesRecord>(
        `SELECT ${seriesColumns} FROM metric_series WHERE run = ? ORDER BY name`,
      )
      .all(run)
      .map(withNaN);
  }
}

const withNaN = (record: SeriesRecord): Series => ({ ...record, last: record.last ?? NaN });

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
