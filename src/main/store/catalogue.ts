/** What the library knows besides runs: data sets, exported embedding sets, settings. */
import * as z from 'zod';
import { toJson } from '../json';
import { jsonColumn, rows, type Db } from './database';

/** `report` is what the check of the folder found (counts, classes, unreadable files). */
export const datasetSchema = z.object({
  path: z.string(),
  addedAt: z.number(),
  checkedAt: z.number(),
  report: jsonColumn,
});
export type Dataset = z.infer<typeof datasetSchema>;

export const embeddingSetSchema = z.object({
  id: z.int(),
  run: z.string(),
  checkpoint: z.string(),
  dataPath: z.string(),
  path: z.string(),
  format: z.enum(['parquet', 'npy']),
  time: z.number(),
  report: jsonColumn,
});
export type EmbeddingSet = z.infer<typeof embeddingSetSchema>;

export class CatalogueStore {
  constructor(private readonly db: Db) {}

  /** Adds a data set, or renews its report where the path is known. */
  putDataset(path: string, report: unknown, now = Date.now()): void {
    this.db
      .prepare(
        `INSERT INTO datasets (path, added_at, checked_at, report) VALUES (:path, :now, :now, :report)
         ON CONFLICT (path) DO UPDATE SET checked_at = :now, report = :report`,
      )
      .run({ path, now, report: toJson(report) });
  }

  /** In the order they were added. */
  datasets(): Dataset[] {
    const query =
      'SELECT path, added_at AS addedAt, checked_at AS checkedAt, report FROM datasets ORDER BY added_at';
    return rows(datasetSchema, this.db.prepare(query).all());
  }

  addEmbeddingSet(set: Omit<EmbeddingSet, 'id' | 'time'>, time = Date.now()): void {
    this.db
      .prepare(
        `INSERT INTO embedding_sets (run, checkpoint, data_path, path, format, time, report)
         VALUES (:run, :checkpoint, :dataPath, :path, :format, :time, :report)`,
      )
      .run({ ...set, time, report: toJson(set.report) });
  }

  /** Oldest first. */
  embeddingSets(run: string): EmbeddingSet[] {
    const query = `SELECT id, run, checkpoint, data_path AS dataPath, path, format, time, report
      FROM embedding_sets WHERE run = ? ORDER BY id`;
    return rows(embeddingSetSchema, this.db.prepare(query).all(run));
  }

  /** A setting's value, or undefined where it was never set. */
  setting(key: string): unknown {
    const text = this.db.prepare('SELECT value FROM settings WHERE key = ?').pluck().get(key);
    return text === undefined ? undefined : jsonColumn.parse(text);
  }

  putSetting(key: string, value: unknown): void {
    this.db.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)').run(key, toJson(value));
  }
}
