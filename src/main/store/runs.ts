/** Runs: what was asked for, where it stands, and how it ended. */
import * as z from 'zod';
import { messageOf, UserError } from '../../shared/errors';
import { runConfigSchema, type RunConfig } from '../../shared/run-config';
import { backboneLabel } from './backbone-label';
import { jsonColumn, row, rows, type Db } from './database';
import { runId } from './run-id';
import { checkedName } from './run-name';

/**
 * `queued`: not started. `stopped`: ended by a stop request, with a checkpoint. `interrupted`: cut off (killed, or
 * its host died). `failed`: ended by an error. All of these can be resumed; `done` is complete.
 */
export const runStatusSchema = z.enum(['queued', 'running', 'stopped', 'done', 'failed', 'interrupted']);
export type RunStatus = z.infer<typeof runStatusSchema>;

const summaryColumns = `id, name, status, parent, method, created_at AS createdAt, started_at AS startedAt,
  ended_at AS endedAt, step, epoch, child_pid AS childPid, child_identity AS childIdentity,
  exit_code AS exitCode, exit_signal AS exitSignal, failure, hint`;

/** What a run table shows; times in milliseconds since the Unix epoch. */
export const runSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  status: runStatusSchema,
  parent: z.string().nullable(),
  method: z.string(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  step: z.int(),
  epoch: z.number(),
  childPid: z.int().nullable(),
  childIdentity: z.string().nullable(),
  exitCode: z.int().nullable(),
  exitSignal: z.string().nullable(),
  failure: z.string().nullable(),
  hint: z.string().nullable(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;
export type Run = RunSummary & { config: RunConfig };

/** How a run ended. */
export interface RunEnd {
  status: Exclude<RunStatus, 'queued' | 'running'>;
  exitCode: number | null;
  exitSignal: string | null;
  failure: string | null;
  hint: string | null;
}

/** Counts the time since `training_since` up to :until. */
const HOLD_CLOCK = `trained_for = trained_for + max(0, coalesce(:until - training_since, 0)), training_since = NULL`;

export const noSuchRun = (id: string): UserError =>
  new UserError(`There is no run ${id}.`, 'selvedge runs list shows them all.', 'usage');

export class RunStore {
  private readonly putProgress;

  constructor(private readonly db: Db) {
    this.putProgress = db.prepare('UPDATE runs SET step = ?, epoch = ? WHERE id = ?');
  }

  /**
   * A queued run. The name defaults to the id.
   * @throws UserError where the name is empty or taken.
   */
  create(config: RunConfig, options: { name?: string; parent?: string; now?: Date } = {}): Run {
    const now = options.now ?? new Date();
    const insert = this.db.prepare(
      `INSERT OR IGNORE INTO runs (id, name, status, parent, config, created_at, method, backbone, data_path, epochs,
         max_steps, color)
       VALUES (:id, :name, 'queued', :parent, :config, :createdAt, :method, :backbone, :dataPath, :epochs,
         :maxSteps, :color)`,
    );
    return this.db
      .transaction(() => {
        const name = options.name === undefined ? undefined : checkedName(this.db, options.name);
        const color = this.db
          .prepare("UPDATE counters SET next = next + 1 WHERE name = 'run-color' RETURNING next - 1")
          .pluck()
          .get();
        for (;;) {
          const id = runId(config.method, now);
          const { changes } = insert.run({
            id,
            name: name ?? id,
            parent: options.parent ?? null,
            config: JSON.stringify(config),
            createdAt: now.getTime(),
            method: config.method,
            backbone: backboneLabel(config.backbone),
            dataPath: config.data.path,
            epochs: config.epochs,
            maxSteps: config.maxSteps,
            color,
          });
          if (changes === 1) return this.get(id);
        }
      })
      .immediate();
  }

  /** @throws UserError (usage) where no new run can have the name: it is empty, or taken. */
  checkName(name: string): void {
    checkedName(this.db, name);
  }

  /** @throws UserError where there is no such run, or its configuration is not readable by this version. */
  get(id: string): Run {
    const found = row(
      runSummarySchema.extend({ config: jsonColumn }),
      this.db
        .prepare(`SELECT ${summaryColumns}, config FROM runs WHERE id = ? AND deleted_at IS NULL`)
        .get(id),
    );
    if (!found) throw noSuchRun(id);
    try {
      return { ...found, config: runConfigSchema.parse(found.config) };
    } catch (error) {
      throw new UserError(`The stored configuration of run ${id} is not readable: ${messageOf(error)}`);
    }
  }

  /** Undefined where there is no such run, or it was deleted. */
  nameOf(id: string): string | undefined {
    const found = this.db.prepare('SELECT name FROM runs WHERE id = ? AND deleted_at IS NULL').get(id);
    return row(z.object({ name: z.string() }), found)?.name;
  }

  /** Undefined where no run has the name, or it was deleted. */
  idOf(name: string): string | undefined {
    const found = this.db.prepare('SELECT id FROM runs WHERE name = ? AND deleted_at IS NULL').get(name);
    return row(z.object({ id: z.string() }), found)?.id;
  }

  /** Newest first, without configurations; all, or those of one status. */
  list(status: RunStatus | null = null): RunSummary[] {
    return rows(
      runSummarySchema,
      this.db
        .prepare(
          `SELECT ${summaryColumns} FROM runs WHERE deleted_at IS NULL AND (:status IS NULL OR status = :status)
             ORDER BY created_at DESC, rowid DESC`,
        )
        .all({ status }),
    );
  }

  /** How many undeleted runs train on which data, by the path in their configuration. */
  countByData(): Map<string, number> {
    const found = this.db
      .prepare(
        'SELECT data_path AS path, count(*) AS runs FROM runs WHERE deleted_at IS NULL GROUP BY data_path',
      )
      .all();
    const schema = z.object({ path: z.string(), runs: z.int() });
    return new Map(rows(schema, found).map(({ path, runs }) => [path, runs]));
  }

  /** Marks a run as training in process `pid`; forgets how an earlier attempt ended. */
  start(id: string, pid: number | null, identity: string | null, now = Date.now()): void {
    this.db
      .prepare(
        `UPDATE runs SET status = 'running', started_at = coalesce(started_at, :now), ended_at = NULL,
           training_since = :now, child_pid = :pid, child_identity = :identity, exit_code = NULL,
           exit_signal = NULL, failure = NULL, hint = NULL WHERE id = :id`,
      )
      .run({ id, pid, identity, now });
  }

  /** Waits to be trained again; forgets how the attempt before ended. */
  queue(id: string): void {
    this.db
      .prepare(
        `UPDATE runs SET status = 'queued', ended_at = NULL, exit_code = NULL, exit_signal = NULL, failure = NULL,
           hint = NULL WHERE id = ?`,
      )
      .run(id);
  }

  /** Holds the clock of a running run. */
  pause(id: string, now = Date.now()): void {
    this.db.prepare(`UPDATE runs SET ${HOLD_CLOCK} WHERE id = :id`).run({ id, until: now });
  }

  unpause(id: string, now = Date.now()): void {
    this.db.prepare("UPDATE runs SET training_since = ? WHERE id = ? AND status = 'running'").run(now, id);
  }

  /** When a run last said something that was kept; null where it never did. */
  lastSign(id: string): number | null {
    const last = this.db
      .prepare(
        `SELECT max(time) FROM (
           SELECT max(last_time) AS time FROM metric_blocks
             WHERE series IN (SELECT id FROM metric_series WHERE run = :id) AND width = 1024
           UNION ALL SELECT max(time) FROM events WHERE run = :id
           UNION ALL SELECT max(time) FROM checkpoints WHERE run = :id)`,
      )
      .pluck()
      .get({ id });
    return z.number().nullable().parse(last);
  }

  /** How far training is; the step is the number of updates done. */
  progress(id: string, step: number, epoch: number): void {
    this.putProgress.run(step, epoch, id);
  }

  /** @param trainedUntil where it was found to have ended only later than it did. */
  end(id: string, end: RunEnd, now = Date.now(), trainedUntil = now): void {
    this.db
      .prepare(
        `UPDATE runs SET status = :status, ended_at = :now, ${HOLD_CLOCK}, child_pid = NULL, child_identity = NULL,
           exit_code = :exitCode, exit_signal = :exitSignal, failure = :failure, hint = :hint WHERE id = :id`,
      )
      .run({ ...end, id, now, until: trainedUntil });
  }

  /** Removes the run with its metrics, events, log, checkpoint records and evaluations. Files are the caller's. */
  delete(id: string): void {
    this.db.prepare('DELETE FROM runs WHERE id = ?').run(id);
  }
}
