/** The runs table: thousands of runs at once, as the windows show them, and what can be changed in a row. */
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import type { MetricSummary, RunRow } from '../../shared/api/run-rows';
import { betterDirection } from '../../shared/metric-direction';
import type { Db } from './database';
import type { MetricStore } from './metrics';
import { checkedName } from './run-name';
import { noSuchRun, type RunStatus } from './runs';

/** What the store knows of a row. Never `paused`: only who trains the run knows that. */
export type StoredRow = Omit<RunRow, 'queuePlace'>;

export interface RowChange {
  name?: string;
  tags?: readonly string[];
  notes?: string;
  isBaseline?: boolean;
}

const columns = `id, name, status, method, backbone, data_path, parent, color, tags, notes, is_baseline, created_at,
  started_at, ended_at, trained_for, training_since, step, epoch, epochs, max_steps, collapsed, failure, hint`;

/** As SQLite gives it; the schema's types and checks are the proof, so that no row is checked twice. */
interface RunRecord {
  id: string;
  name: string;
  status: RunStatus;
  method: string;
  backbone: string;
  data_path: string;
  parent: string | null;
  color: number;
  tags: string;
  notes: string;
  is_baseline: 0 | 1;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
  trained_for: number;
  training_since: number | null;
  step: number;
  epoch: number;
  epochs: number | null;
  max_steps: number | null;
  collapsed: 0 | 1;
  failure: string | null;
  hint: string | null;
}

const summaryColumns = 'run, name, last_value, last_step, min_value, min_step, max_value, max_step';
type SummaryRecord = [
  run: string,
  name: string,
  last: number | null,
  lastStep: number,
  min: number | null,
  minStep: number | null,
  max: number | null,
  maxStep: number | null,
];

export class RowStore {
  private readonly all;
  private readonly one;
  private readonly summariesByName;
  private readonly summariesOfRun;

  constructor(
    private readonly db: Db,
    private readonly metrics: MetricStore,
  ) {
    const select = `SELECT ${columns} FROM runs WHERE deleted_at IS NULL`;
    this.all = db.prepare<[], RunRecord>(`${select} ORDER BY created_at DESC, rowid DESC`);
    this.one = db.prepare<[string], RunRecord>(`${select} AND id = ?`);
    const summaries = `SELECT ${summaryColumns} FROM metric_series WHERE points > 0 AND`;
    this.summariesByName = db.prepare<[string], SummaryRecord>(`${summaries} name = ?`).raw();
    this.summariesOfRun = db.prepare<[string], SummaryRecord>(`${summaries} run = ? ORDER BY name`).raw();
  }

  /** Newest first, with the summaries of these metrics. */
  list(metrics: readonly string[], now = Date.now()): StoredRow[] {
    const rows = new Map<string, StoredRow>();
    for (const record of this.all.iterate()) rows.set(record.id, toRow(record, now));
    for (const name of new Set(metrics)) {
      for (const summary of this.summariesByName.iterate(name)) {
        const row = rows.get(summary[0]);
        if (row) row.metrics[name] = toSummary(summary);
      }
    }
    return [...rows.values()];
  }

  /** @throws UserError where there is no such run, or it is deleted. */
  get(id: string, metrics: readonly string[], now = Date.now()): StoredRow {
    const record = this.one.get(id);
    if (!record) throw noSuchRun(id);
    const all = this.summaries(id);
    const asked = Object.entries(all).filter(([name]) => metrics.includes(name));
    return { ...toRow(record, now), metrics: Object.fromEntries(asked) };
  }

  /** Of all metrics of a run, by name. */
  summaries(id: string): Record<string, MetricSummary> {
    return Object.fromEntries(this.summariesOfRun.all(id).map((summary) => [summary[1], toSummary(summary)]));
  }

  /** Every metric that any run has, in alphabetical order. */
  metricNames(): string[] {
    const found = this.db
      .prepare(
        `WITH RECURSIVE names(name) AS (
           SELECT min(name) FROM metric_series
           UNION ALL SELECT (SELECT min(name) FROM metric_series WHERE name > names.name) FROM names
             WHERE names.name IS NOT NULL)
         SELECT name FROM names WHERE EXISTS (
           SELECT 1 FROM metric_series AS series JOIN runs ON runs.id = series.run
           WHERE series.name = names.name AND series.points > 0 AND runs.deleted_at IS NULL)`,
      )
      .pluck()
      .all();
    return z.array(z.string()).parse(found);
  }

  /** At most `points` means of a metric for each of the runs that have it, by run id; null is no number. */
  sparklines(ids: readonly string[], metric: string, points: number): Record<string, (number | null)[]> {
    const lines: Record<string, (number | null)[]> = {};
    for (const id of ids) {
      const { mean } = this.metrics.curve(id, metric, points);
      if (mean.length) lines[id] = Array.from(mean, finite);
    }
    return lines;
  }

  /**
   * Changes what people write to a run.
   * @returns the ids of the rows that changed: the run itself, and the baseline until now where it is the new one.
   * @throws UserError where the name is taken or there is no such run.
   */
  change(id: string, change: RowChange): string[] {
    return this.db
      .transaction(() => {
        if (!this.one.get(id)) throw noSuchRun(id);
        const set = (column: 'name' | 'tags' | 'notes' | 'is_baseline', value: string | number) =>
          this.db.prepare(`UPDATE runs SET ${column} = ? WHERE id = ?`).run(value, id);
        if (change.name !== undefined) set('name', checkedName(this.db, change.name, id));
        if (change.tags) {
          const tags = change.tags.map((tag) => tag.trim()).filter((tag) => tag !== '');
          set('tags', JSON.stringify([...new Set(tags)]));
        }
        if (change.notes !== undefined) set('notes', change.notes);
        if (change.isBaseline === undefined) return [id];
        const before = this.db
          .prepare('UPDATE runs SET is_baseline = 0 WHERE is_baseline = 1 AND id <> ? RETURNING id')
          .pluck();
        const former = change.isBaseline ? before.all(id) : [];
        set('is_baseline', change.isBaseline ? 1 : 0);
        return [id, ...z.array(z.string()).parse(former)];
      })
      .immediate();
  }

  /**
   * Takes runs out of every listing; nothing of them is lost before they are purged.
   * @returns those that were not deleted before.
   * @throws UserError where one is in training, or there is no such run; then none is deleted.
   */
  softDelete(ids: readonly string[], now = Date.now()): string[] {
    return this.db
      .transaction(() => {
        const deleted: string[] = [];
        for (const id of new Set(ids)) {
          const found = this.state(id);
          if (!found) throw noSuchRun(id);
          if (found.deletedAt !== null) continue;
          if (found.status === 'running') throw new UserError(`Run ${id} is in training.`, 'Stop it first.');
          this.db.prepare('UPDATE runs SET deleted_at = ? WHERE id = ?').run(now, id);
          deleted.push(id);
        }
        return deleted;
      })
      .immediate();
  }

  /**
   * Brings deleted runs back.
   * @returns those that were deleted before.
   * @throws UserError where one was purged; then none comes back.
   */
  undelete(ids: readonly string[]): string[] {
    return this.db
      .transaction(() => {
        const back: string[] = [];
        for (const id of new Set(ids)) {
          const found = this.state(id);
          if (!found) {
            throw new UserError(`Run ${id} was deleted too long ago to be brought back.`);
          }
          if (found.deletedAt === null) continue;
          this.db.prepare('UPDATE runs SET deleted_at = NULL WHERE id = ?').run(id);
          back.push(id);
        }
        return back;
      })
      .immediate();
  }

  /** Ids of the runs deleted before a time, in milliseconds since the Unix epoch: those that can be purged. */
  deletedBefore(time: number): string[] {
    const found = this.db
      .prepare('SELECT id FROM runs WHERE deleted_at < ? ORDER BY deleted_at')
      .pluck()
      .all(time);
    return z.array(z.string()).parse(found);
  }

  private state(id: string): { status: RunStatus; deletedAt: number | null } | undefined {
    return this.db
      .prepare<[string], { status: RunStatus; deletedAt: number | null }>(
        'SELECT status, deleted_at AS deletedAt FROM runs WHERE id = ?',
      )
      .get(id);
  }
}

function toRow(record: RunRecord, now: number): StoredRow {
  const { training_since: since } = record;
  return {
    id: record.id,
    name: record.name,
    state: record.status,
    method: record.method,
    backbone: record.backbone,
    data: record.data_path,
    parent: record.parent,
    color: record.color,
    tags: tagsOf(record.tags),
    notes: record.notes,
    isBaseline: record.is_baseline === 1,
    createdAt: record.created_at,
    startedAt: record.started_at,
    endedAt: record.ended_at,
    trainedFor: record.trained_for + (since === null ? 0 : Math.max(0, now - since)),
    step: record.step,
    epoch: record.epoch,
    epochs: epochsOf(record),
    metrics: {},
    collapsed: record.collapsed === 1,
    failure: record.failure,
    hint: record.hint,
  };
}

/** Epochs that the run goes to. Where it ends after so many steps, that is known once it has taken some. */
function epochsOf({ epochs, max_steps: maxSteps, step, epoch }: RunRecord): number | null {
  if (epochs === null || maxSteps === null) return epochs;
  return step > 0 && epoch > 0 ? Math.min(epochs, (maxSteps * epoch) / step) : null;
}

function tagsOf(text: string): string[] {
  if (text === '[]') return [];
  const tags: unknown = JSON.parse(text);
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

function toSummary([, name, last, lastStep, min, minStep, max, maxStep]: SummaryRecord): MetricSummary {
  const direction = betterDirection(name);
  const [best, bestStep] =
    direction === 'lower' ? [min, minStep] : direction === 'higher' ? [max, maxStep] : [null, null];
  return { last: finite(last), lastStep, min: finite(min), max: finite(max), best: finite(best), bestStep };
}

const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;
