/** Rows of the runs table: what the store knows, with what only the host knows. */
import type { RunRow } from '../../shared/api/run-rows';
import type { StoredRow } from '../store/rows';
import type { OpenLibrary } from './open-library';
import type { Queue } from './queue';

export class RunRows {
  constructor(
    private readonly library: OpenLibrary,
    private readonly queue: Queue,
  ) {}

  /** Newest first, with the summaries of these metrics. */
  list(metrics: readonly string[]): RunRow[] {
    const { training } = this.queue;
    // What was told of it is in its row then.
    if (training) this.library.host.supervisor.flush(training.run);
    return this.library.host.store.rows.list(metrics).map((row) => this.complete(row));
  }

  /** @throws UserError where there is no such run. */
  get(run: string): RunRow {
    return this.complete(this.library.host.store.rows.get(run, []));
  }

  private complete(row: StoredRow): RunRow {
    const isPaused = row.state === 'running' && this.library.host.supervisor.isPaused(row.id);
    return { ...row, state: isPaused ? 'paused' : row.state, queuePlace: this.queue.placeOf(row.id) };
  }
}
