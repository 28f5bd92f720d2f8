/** The library's memory: one SQLite file behind a few small stores. Nothing outside this folder speaks SQL. */
import { CatalogueStore } from './catalogue';
import { CheckpointStore } from './checkpoints';
import { openDatabase, type Access } from './database';
import { EmbeddingSetStore, EncoderStore } from './embedding-sets';
import { ExperimentStore } from './experiments';
import { withExplainedFailures } from './failures';
import { HistoryStore } from './history';
import { MetricStore } from './metrics';
import { RowStore } from './rows';
import { RunStore } from './runs';

export interface Store {
  runs: RunStore;
  rows: RowStore;
  metrics: MetricStore;
  history: HistoryStore;
  checkpoints: CheckpointStore;
  catalogue: CatalogueStore;
  sets: EmbeddingSetStore;
  encoders: EncoderStore;
  experiments: ExperimentStore;
  /** Another number after another process has changed something. */
  version(): number;
  /** All of `work` is kept, or nothing of it. */
  atomically<T>(work: () => T): T;
  close(): void;
}

/**
 * @param path the file; `:memory:` for a store that nobody keeps.
 * @throws UserError, see {@link openDatabase}. So does every method of the stores where the disk is full, or the file
 *   locked, damaged or out of reach.
 */
export function openStore(path: string, access: Access): Store {
  const db = openDatabase(path, access);
  const metrics = new MetricStore(db);
  const explained = <T extends object>(store: T): T => withExplainedFailures(store, path);
  return {
    runs: explained(new RunStore(db)),
    rows: explained(new RowStore(db, metrics)),
    metrics: explained(metrics),
    history: explained(new HistoryStore(db)),
    checkpoints: explained(new CheckpointStore(db)),
    catalogue: explained(new CatalogueStore(db)),
    sets: explained(new EmbeddingSetStore(db)),
    encoders: explained(new EncoderStore(db)),
    experiments: explained(new ExperimentStore(db)),
    ...explained({
      version: () => db.pragma('data_version', { simple: true }) as number,
      atomically: <T>(work: () => T): T => db.transaction(work).immediate(),
      close: () => {
        db.close();
      },
    }),
  };
}
