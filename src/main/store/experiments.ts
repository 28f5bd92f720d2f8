/** Started experiments: what each was started with, and which run is which of its stages. */
import * as z from 'zod';
import { jsonColumn, row, rows, type Db } from './database';

const recordSchema = z.object({
  /** What the names of its runs begin with. */
  name: z.string(),
  /** The id of what is done. */
  experiment: z.string(),
  /** Absolute, or "sample". */
  data: z.string(),
  labelled: z.string().nullable(),
  /** As --set takes them. */
  settings: jsonColumn.pipe(z.array(z.tuple([z.string(), z.string()]))),
  startedAt: z.number(),
});
export type ExperimentRecord = z.infer<typeof recordSchema>;

const select = `SELECT name, experiment, data_path AS data, labelled_path AS labelled, settings,
  started_at AS startedAt FROM experiments`;

export class ExperimentStore {
  constructor(private readonly db: Db) {}

  /** Remembers one; of a name that is known all but the time of its start is renewed. */
  put({ name, experiment, data, labelled, settings, startedAt }: ExperimentRecord): void {
    this.db
      .prepare(
        `INSERT INTO experiments (name, experiment, data_path, labelled_path, settings, started_at)
         VALUES (:name, :experiment, :data, :labelled, :settings, :startedAt)
         ON CONFLICT (name) DO UPDATE SET experiment = :experiment, data_path = :data,
           labelled_path = :labelled, settings = :settings`,
      )
      .run({ name, experiment, data, labelled, settings: JSON.stringify(settings), startedAt });
  }

  get(name: string): ExperimentRecord | undefined {
    return row(recordSchema, this.db.prepare(`${select} WHERE name = ?`).get(name));
  }

  /** Newest first. */
  list(): ExperimentRecord[] {
    return rows(recordSchema, this.db.prepare(`${select} ORDER BY started_at DESC, name`).all());
  }

  /** The run is the stage's from now on, in place of an earlier one. */
  putRun(experiment: string, stage: string, run: string): void {
    this.db
      .prepare('INSERT OR REPLACE INTO experiment_runs (experiment, stage, run) VALUES (?, ?, ?)')
      .run(experiment, stage, run);
  }

  /** The run of a stage; undefined where there is none, or it was deleted. */
  runOf(experiment: string, stage: string): string | undefined {
    const found = this.db
      .prepare(
        `SELECT run FROM experiment_runs JOIN runs ON runs.id = run
         WHERE experiment = ? AND stage = ? AND deleted_at IS NULL`,
      )
      .get(experiment, stage);
    return row(z.object({ run: z.string() }), found)?.run;
  }

  /** The runs of its stages that are there, by stage. */
  runsOf(experiment: string): ReadonlyMap<string, string> {
    const found = this.db
      .prepare(
        `SELECT stage, run FROM experiment_runs JOIN runs ON runs.id = run
         WHERE experiment = ? AND deleted_at IS NULL ORDER BY created_at`,
      )
      .all(experiment);
    const pairs = rows(z.object({ stage: z.string(), run: z.string() }), found);
    return new Map(pairs.map(({ stage, run }) => [stage, run]));
  }

  /** The name of the experiment that a run is a stage of, also of a run that was just deleted. */
  nameOf(run: string): string | undefined {
    const found = this.db.prepare('SELECT experiment AS name FROM experiment_runs WHERE run = ?').get(run);
    return row(z.object({ name: z.string() }), found)?.name;
  }
}
