/** Records of the checkpoint files of runs. The files themselves are the truth: see ../checkpoints.ts. */
import * as z from 'zod';
import { checkpointInfoSchema, type CheckpointInfo } from '../../shared/checkpoint-info';
import { rows, type Db } from './database';

/** `time` in milliseconds since the Unix epoch. */
export const checkpointRecordSchema = checkpointInfoSchema.extend({ time: z.number() });
export type CheckpointRecord = z.infer<typeof checkpointRecordSchema>;

export class CheckpointStore {
  constructor(private readonly db: Db) {}

  /** A file that is written again (the same path) replaces its record. */
  add(run: string, checkpoint: CheckpointInfo, time = Date.now()): void {
    this.db
      .prepare(
        `INSERT OR REPLACE INTO checkpoints (run, path, step, epoch, bytes, kind, knn, time)
         VALUES (:run, :path, :step, :epoch, :bytes, :kind, :knn, :time)`,
      )
      .run({ ...checkpoint, run, time });
  }

  remove(run: string, path: string): void {
    this.db.prepare('DELETE FROM checkpoints WHERE run = ? AND path = ?').run(run, path);
  }

  /** Newest first. */
  list(run: string): CheckpointRecord[] {
    return rows(
      checkpointRecordSchema,
      this.db
        .prepare(
          `SELECT path, step, epoch, bytes, kind, knn, time FROM checkpoints WHERE run = ?
           ORDER BY step DESC, time DESC`,
        )
        .all(run),
    );
  }
}
