/** The library's memory: one SQLite file behind a few small stores. Nothing outside this folder speaks SQL. */
import { CatalogueStore } from './catalogue';
import { CheckpointStore } from './checkpoints';
import { openDatabase, type Access } from './database';
import { HistoryStore } from './history';
import { MetricStore } from './metrics';
import { RunStore } from './runs';

export interface Store {
  runs: RunStore;
  metrics: MetricStore;
  history: HistoryStore;
  checkpoints: CheckpointStore;
  catalogue: CatalogueStore;
  /** All of `work` is kept, or nothing of it. */
  atomically<T>(work: () => T): T;
  close(): void;
}

/**
 * @param path the file; `:memory:` for a store that nobody keeps.
 * @throws UserError, see {@link openDatabase}.
 */
export function openStore(path: string, access: Access): Store {
  const db = openDatabase(path, access);
  return {
    runs: new RunStore(db),
    metrics: new MetricStore(db),
    history: new HistoryStore(db),
    checkpoints: new CheckpointStore(db),
    catalogue: new CatalogueStore(db),
    atomically: (work) => db.transaction(work).immediate(),
    close: () => db.close(),
  };
}
