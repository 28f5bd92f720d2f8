/** What happened to a run: events, the last lines of its log, and evaluations. */
import * as z from 'zod';
import { toJson } from '../json';
import { jsonColumn, rows, type Db } from './database';

/** Lines of the log that are kept with a run. */
export const LOG_LINES_KEPT = 200;

const dataColumn = jsonColumn.pipe(z.record(z.string(), z.unknown()));

/** Times in milliseconds since the Unix epoch. */
export const eventSchema = z.object({
  time: z.number(),
  name: z.string(),
  message: z.string(),
  data: dataColumn,
});
export type RunEvent = z.infer<typeof eventSchema>;

export const logSourceSchema = z.enum(['stdout', 'stderr', 'info', 'warning', 'error']);
export const logLineSchema = z.object({ time: z.number(), source: logSourceSchema, text: z.string() });
export type LogLine = z.infer<typeof logLineSchema>;

export const evaluationSchema = z.object({
  id: z.int(),
  kind: z.string(),
  /** The step of the weights that were evaluated, where known. */
  step: z.int().nullable(),
  time: z.number(),
  data: dataColumn,
});
export type Evaluation = z.infer<typeof evaluationSchema>;

export class HistoryStore {
  constructor(private readonly db: Db) {}

  /** `collapse` and `collapse-ended` also mark the run, see {@link truncateAfter}. */
  addEvent(
    run: string,
    name: string,
    message: string,
    data: Record<string, unknown> = {},
    time = Date.now(),
  ): void {
    this.db
      .transaction(() => {
        this.db
          .prepare('INSERT INTO events (run, time, name, message, data) VALUES (?, ?, ?, ?, ?)')
          .run(run, time, name, message, toJson(data));
        if (name === 'collapse' || name === 'collapse-ended') this.markCollapse(run);
      })
      .immediate();
  }

  /** Oldest first. */
  events(run: string): RunEvent[] {
    return rows(
      eventSchema,
      this.db.prepare('SELECT time, name, message, data FROM events WHERE run = ? ORDER BY id').all(run),
    );
  }

  /** Adds lines and forgets all but the last {@link LOG_LINES_KEPT} of the run. */
  addLog(run: string, lines: readonly LogLine[]): void {
    const insert = this.db.prepare('INSERT INTO log_lines (run, time, source, text) VALUES (?, ?, ?, ?)');
    const prune = this.db.prepare(
      `DELETE FROM log_lines WHERE run = :run AND id <=
         (SELECT id FROM log_lines WHERE run = :run ORDER BY id DESC LIMIT 1 OFFSET ${LOG_LINES_KEPT})`,
    );
    this.db
      .transaction(() => {
        for (const line of lines.slice(-LOG_LINES_KEPT)) insert.run(run, line.time, line.source, line.text);
        prune.run({ run });
      })
      .immediate();
  }

  /** Oldest first, at most {@link LOG_LINES_KEPT}. */
  log(run: string): LogLine[] {
    return rows(
      logLineSchema,
      this.db.prepare('SELECT time, source, text FROM log_lines WHERE run = ? ORDER BY id').all(run),
    );
  }

  /** @returns its id. */
  addEvaluation(
    run: string,
    evaluation: { kind: string; step: number | null; data: Record<string, unknown> },
    time = Date.now(),
  ): number {
    const { lastInsertRowid } = this.db
      .prepare('INSERT INTO evaluations (run, kind, step, time, data) VALUES (?, ?, ?, ?, ?)')
      .run(run, evaluation.kind, evaluation.step, time, toJson(evaluation.data));
    return Number(lastInsertRowid);
  }

  /** Oldest first. */
  evaluations(run: string): Evaluation[] {
    return rows(
      evaluationSchema,
      this.db
        .prepare('SELECT id, kind, step, time, data FROM evaluations WHERE run = ? ORDER BY id')
        .all(run),
    );
  }

  /**
   * Forgets what was found at steps that a continued run will reach again: their evaluations, and whether it had
   * collapsed there. Events stay.
   */
  truncateAfter(run: string, step: number): void {
    this.db
      .transaction(() => {
        this.db.prepare('DELETE FROM evaluations WHERE run = ? AND step > ?').run(run, step);
        this.db
          .prepare(
            `UPDATE events SET is_void = 1 WHERE run = ? AND name IN ('collapse', 'collapse-ended')
               AND coalesce(data ->> '$.step', 0) > ?`,
          )
          .run(run, step);
        this.markCollapse(run);
      })
      .immediate();
  }

  private markCollapse(run: string): void {
    this.db
      .prepare(
        `UPDATE runs SET collapsed = coalesce((
           SELECT name = 'collapse' FROM events
           WHERE run = :run AND name IN ('collapse', 'collapse-ended') AND is_void = 0 ORDER BY id DESC LIMIT 1), 0)
         WHERE id = :run`,
      )
      .run({ run });
  }
}
