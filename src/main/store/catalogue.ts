/** What the library knows besides runs and embedding sets: data sets, files of embeddings, settings. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { toJson } from '../json';
import { jsonColumn, rows, type Db } from './database';

const datasetRow = z.object({
  path: z.string(),
  addedAt: z.number(),
  /** When its last check ended; null where none has yet. */
  checkedAt: z.number().nullable(),
  /** What the last check that succeeded found (counts, classes, unreadable files). */
  report: jsonColumn.nullable(),
  /** Why the last check failed. */
  failure: z.string().nullable(),
  hint: z.string().nullable(),
});
export type Dataset = z.infer<typeof datasetRow> & { id: string };

/** Names a data set for ever and on every machine; "sample" for the images that ship with Selvedge. */
export function datasetId(path: string): string {
  return path === 'sample' ? path : createHash('sha256').update(path).digest('hex').slice(0, 16);
}

export const embeddingFileSchema = z.object({
  id: z.int(),
  run: z.string(),
  checkpoint: z.string(),
  dataPath: z.string(),
  path: z.string(),
  format: z.enum(['parquet', 'npy']),
  time: z.number(),
  report: jsonColumn,
});
export type EmbeddingFile = z.infer<typeof embeddingFileSchema>;

export class CatalogueStore {
  constructor(private readonly db: Db) {}

  /** Adds a data set that is not checked yet; one that is known stays as it is. */
  addDataset(path: string, now = Date.now()): void {
    this.db.prepare('INSERT OR IGNORE INTO datasets (path, added_at) VALUES (?, ?)').run(path, now);
  }

  /** Adds a data set with the report of its check, or renews the report where the path is known. */
  putDataset(path: string, report: unknown, now = Date.now()): void {
    this.db
      .prepare(
        `INSERT INTO datasets (path, added_at, checked_at, report) VALUES (:path, :now, :now, :report)
         ON CONFLICT (path) DO UPDATE SET checked_at = :now, report = :report, failure = NULL, hint = NULL`,
      )
      .run({ path, now, report: toJson(report) });
  }

  /** A check failed; the report of an earlier one stays. */
  failDataset(path: string, failure: string, hint: string | null, now = Date.now()): void {
    this.db
      .prepare('UPDATE datasets SET checked_at = ?, failure = ?, hint = ? WHERE path = ?')
      .run(now, failure, hint, path);
  }

  /** Forgets a data set; runs that train on it stay. */
  removeDataset(path: string): void {
    this.db.prepare('DELETE FROM datasets WHERE path = ?').run(path);
  }

  /** In the order they were added. */
  datasets(): Dataset[] {
    const query = `SELECT path, added_at AS addedAt, checked_at AS checkedAt, report, failure, hint
      FROM datasets ORDER BY added_at, rowid`;
    return rows(datasetRow, this.db.prepare(query).all()).map((found) => ({
      id: datasetId(found.path),
      ...found,
    }));
  }

  addEmbeddingFile(file: Omit<EmbeddingFile, 'id' | 'time'>, time = Date.now()): void {
    this.db
      .prepare(
        `INSERT INTO embedding_files (run, checkpoint, data_path, path, format, time, report)
         VALUES (:run, :checkpoint, :dataPath, :path, :format, :time, :report)`,
      )
      .run({ ...file, time, report: toJson(file.report) });
  }

  /** Oldest first. */
  embeddingFiles(run: string): EmbeddingFile[] {
    const query = `SELECT id, run, checkpoint, data_path AS dataPath, path, format, time, report
      FROM embedding_files WHERE run = ? ORDER BY id`;
    return rows(embeddingFileSchema, this.db.prepare(query).all(run));
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
