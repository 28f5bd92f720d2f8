/** Follows the host's events for what a desktop shows outside of the window: which run is alive, how far it is, what ended. */
import type { HostEvent } from '../../../shared/api/events';
import type { Progress } from '../../../shared/api/runs';
import { isLive, type RunRow } from '../../../shared/api/run-rows';

/** Something that the user may want to be called for. */
export interface RunNews {
  kind: 'ended' | 'collapsed';
  row: RunRow;
}

/** What a taskbar or dock shows of the live run. */
export type TaskbarState =
  | { kind: 'none' }
  /** It is alive, and nobody knows yet how far. */
  | { kind: 'unknown' }
  /** `fraction` in [0, 1]. */
  | { kind: 'part'; fraction: number; paused: boolean };

interface Followed {
  row: RunRow;
  fraction: number | undefined;
}

export class RunWatch {
  /** Those that wait or live, in the order in which they came. */
  readonly #runs = new Map<string, Followed>();

  /** @param rows that live or wait now. */
  constructor(rows: readonly RunRow[]) {
    for (const row of rows) this.#runs.set(row.id, { row, fraction: undefined });
  }

  get isBusy(): boolean {
    return this.#runs.size > 0;
  }

  /** True while a run uses time: not while it waits or holds its breath. */
  get isTraining(): boolean {
    return [...this.#runs.values()].some(({ row }) => row.state === 'running');
  }

  get taskbar(): TaskbarState {
    const live = [...this.#runs.values()].find(({ row }) => isLive(row.state));
    if (!live) return { kind: 'none' };
    if (live.fraction === undefined) return { kind: 'unknown' };
    return { kind: 'part', fraction: live.fraction, paused: live.row.state === 'paused' };
  }

  /** @returns what is new with it, or undefined. */
  take(event: HostEvent): RunNews | undefined {
    if (event.type === 'run') return this.#takeRow(event.row);
    if (event.type === 'run-deleted') this.#runs.delete(event.run);
    if (event.type === 'progress') this.#takeProgress(event.run, event.progress);
    return undefined;
  }

  /** Of other work than training no part is known of the whole. */
  #takeProgress(id: string, progress: Progress | null): void {
    const run = this.#runs.get(id);
    if (run && progress?.phase === 'training' && progress.total > 0) {
      run.fraction = Math.min(1, progress.done / progress.total);
    }
  }

  #takeRow(row: RunRow): RunNews | undefined {
    const known = this.#runs.get(row.id);
    if (row.state === 'queued' || isLive(row.state)) {
      this.#runs.set(row.id, { row, fraction: known?.fraction });
      return row.collapsed && known && !known.row.collapsed ? { kind: 'collapsed', row } : undefined;
    }
    if (!known) return undefined;
    this.#runs.delete(row.id);
    return { kind: 'ended', row };
  }
}
