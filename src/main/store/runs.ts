/** Runs: what was asked for, where it stands, and how it ended. */
import * as z from 'zod';
import { messageOf, UserError } from '../../shared/errors';
import { runConfigSchema, type RunConfig } from '../../shared/run-config';
import { jsonColumn, row, rows, type Db } from './database';
import { runId } from './run-id';

/**
 * `queued`: not started. `stopped`: ended by a stop request, with a checkpoint. `interrupted`: cut off (killed, or
 * its host died). `failed`: ended by an error. All of these can be resumed; `done` is complete.
 */
export const runStatusSchema = z.enum(['queued', 'running', 'stopped', 'done', 'failed', 'interrupted']);
export type RunStatus = z.infer<typeof runStatusSchema>;

const summaryColumns = `id, name, status, parent, json_extract(config, '$.method') AS method,
  created_at AS createdAt, started_at AS startedAt, ended_at AS endedAt, step, epoch,
  child_pid AS childPid, child_identity AS childIdentity,
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

export class RunStore {
  constructor(private readonly db: Db) {}

  /** A queued run. The name defaults to the id. */
  create(config: RunConfig, options: { name?: string; parent?: string; now?: Date } = {}): Run {
    const now = options.now ?? new Date();
    const insert = this.db.prepare(
      'INSERT OR IGNORE INTO runs (id, name, status, parent, config, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    for (;;) {
      const id = runId(config.method, now);
      const { changes } = insert.run(
        id,
        options.name ?? id,
        'queued',
        options.parent ?? null,
        JSON.stringify(config),
        now.getTime(),
      );
      if (changes === 1) return this.get(id);
    }
  }

  /** @throws UserError where there is no such run, or its configuration is not readable by this version. */
  get(id: string): Run {
    const found = row(
      runSummarySchema.extend({ config: jsonColumn }),
      this.db.prepare(`SELECT ${summaryColumns}, config FROM runs WHERE id = ?`).get(id),
    );
    if (!found) throw new UserError(`There is no run ${id}.`, 'selvedge runs list shows them all.', 'usage');
    try {
      return { ...found, config: runConfigSchema.parse(found.config) };
    } catch (error) {
      throw new UserError(`The stored configuration of run ${id} is not readable: ${messageOf(error)}`);
    }
  }

  /** Newest first, without configurations. */
  list(): RunSummary[] {
    return rows(
      runSummarySchema,
      this.db.prepare(`SELECT ${summaryColumns} FROM runs ORDER BY created_at DESC, rowid DESC`).all(),
    );
  }

  /** Marks a run as training in process `pid`; forgets how an earlier attempt ended. */
  start(id: string, pid: number | null, identity: string | null, now = Date.now()): void {
    this.db
      .prepare(
        `UPDATE runs SET status = 'running', started_at = coalesce(started_at, ?), ended_at = NULL, child_pid = ?,
           child_identity = ?, exit_code = NULL, exit_signal = NULL, failure = NULL, hint = NULL WHERE id = ?`,
      )
      .run(now, pid, identity, id);
  }

  /** How far training is; the step is the number of updates done. */
  progress(id: string, step: number, epoch: number): void {
    this.db.prepare('UPDATE runs SET step = ?, epoch = ? WHERE id = ?').run(step, epoch, id);
  }

  end(id: string, end: RunEnd, now = Date.now()): void {
    this.db
      .prepare(
        `UPDATE runs SET status = ?, ended_at = ?, child_pid = NULL, child_identity = NULL, exit_code = ?,
           exit_signal = ?, failure = ?, hint = ? WHERE id = ?`,
      )
      .run(end.status, now, end.exitCode, end.exitSignal, end.failure, end.hint, id);
  }

  /** Removes the run with its metrics, events, log, checkpoint records and evaluations. Files are the caller's. */
  delete(id: string): void {
    this.db.prepare('DELETE FROM runs WHERE id = ?').run(id);
  }
}
