/** Trains runs in child processes and keeps everything they say: a child that dies takes no run with it. */
import { renameSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../../shared/errors';
import type { RunnerMessage, TrainResult } from '../../shared/protocol';
import type { CheckpointFile } from '../checkpoints';
import type { LogLine } from '../store/history';
import type { Run, RunEnd } from '../store/runs';
import type { Store } from '../store/store';
import { Attempt, type AttemptEnd } from './attempt';
import type { Runner } from './job-process';

export interface TrainHooks {
  onMessage?: (message: RunnerMessage) => void;
  /** A line that the child printed. */
  onLine?: (line: LogLine) => void;
  /** The child works from here; what was known after this step (-1: from the start) is void, and forgotten. */
  onStart?: (step: number) => void;
  /** A checkpoint was refused and an older one is tried. */
  onRefused?: (checkpoint: CheckpointFile, message: string) => void;
}

export interface TrainEnd extends RunEnd {
  /** Null where training did not come to an orderly end. */
  result: TrainResult | null;
}

/** A run in training; `attempt` changes when an older checkpoint is tried. */
interface Live {
  attempt: Attempt | null;
  stopping: 'no' | 'stop' | 'kill';
  /** What was asked for last. */
  pausing: boolean;
  /** What the child said last. */
  paused: boolean;
}

export class Supervisor {
  private readonly live = new Map<string, Live>();

  /** @param library the library's folder. */
  constructor(
    private readonly store: Store,
    private readonly library: string,
    private readonly runner: Runner,
  ) {}

  isTraining(run: string): boolean {
    return this.live.has(run);
  }

  /**
   * Trains until the run is done, stopped or lost; how it ended is in the store and in the answer.
   * @param from checkpoints to continue from, the best choice first; none starts anew.
   * @throws UserError where the run is already training here, or the end cannot be written to the store.
   */
  async train(run: Run, from: readonly CheckpointFile[], hooks: TrainHooks = {}): Promise<TrainEnd> {
    if (this.live.has(run.id)) throw new UserError(`Run ${run.id} is already training.`);
    const live: Live = { attempt: null, stopping: 'no', pausing: false, paused: false };
    this.live.set(run.id, live);
    try {
      const ended = await this.untilAccepted(run, from, hooks, live);
      this.store.runs.end(run.id, ended.end);
      if (ended.end.failure) this.store.history.addEvent(run.id, ended.end.status, ended.end.failure);
      return { ...ended.end, result: ended.result };
    } finally {
      this.live.delete(run.id);
    }
  }

  /** Asks a run to finish its step and write a checkpoint. */
  stop(run: string): void {
    this.end(run, 'stop');
  }

  /** Ends a run at once; it can be resumed from its last checkpoint. */
  kill(run: string): void {
    this.end(run, 'kill');
  }

  /**
   * Lets a run wait before its next step, with all it has in memory. The hooks hear `paused` when it is so, which
   * takes as long as decoding, compiling or a step does.
   */
  pause(run: string): void {
    this.setPausing(run, true);
  }

  unpause(run: string): void {
    this.setPausing(run, false);
  }

  /** True from the moment on at which the child said so. */
  isPaused(run: string): boolean {
    return this.live.get(run)?.paused ?? false;
  }

  /** Writes all that a run's child has said into the store, which otherwise takes up to a quarter of a second. */
  flush(run: string): void {
    this.live.get(run)?.attempt?.flush();
  }

  private setPausing(run: string, pausing: boolean): void {
    const live = this.live.get(run);
    if (!live || live.pausing === pausing) return;
    live.pausing = pausing;
    live.attempt?.[pausing ? 'pause' : 'unpause']();
  }

  private end(run: string, how: 'stop' | 'kill'): void {
    const live = this.live.get(run);
    if (!live) return;
    live.stopping = how;
    live.attempt?.[how]();
  }

  private async untilAccepted(
    run: Run,
    from: readonly CheckpointFile[],
    hooks: TrainHooks,
    live: Live,
  ): Promise<Extract<AttemptEnd, { kind: 'ended' }>> {
    const refused: CheckpointFile[] = [];
    let reason = '';
    for (const checkpoint of from.length ? from : [null]) {
      live.attempt = new Attempt(this.store, this.library, this.runner, run, checkpoint, {
        onMessage: (message) => {
          if (message.type === 'paused' || message.type === 'unpaused')
            live.paused = message.type === 'paused';
          hooks.onMessage?.(message);
        },
        onLine: hooks.onLine,
        onAccepted: () => {
          this.startFrom(run, checkpoint);
          hooks.onStart?.(checkpoint?.step ?? -1);
        },
      });
      if (live.pausing) live.attempt.pause();
      if (live.stopping !== 'no') live.attempt[live.stopping]();
      const end = await live.attempt.ended();
      if (end.kind === 'ended' || !checkpoint) return end.kind === 'ended' ? end : failed(end.message);
      refused.push(checkpoint);
      reason = end.message;
      // Before the next child starts: it may soon write a good file under this very name.
      rename(checkpoint.path, setAside(checkpoint.path));
      this.store.history.addEvent(run.id, 'checkpoint-refused', reason, { path: checkpoint.path });
      hooks.onRefused?.(checkpoint, reason);
    }
    for (const { path } of refused) rename(setAside(path), path);
    return failed(
      `None of the run's checkpoints can be read (${refused.length} tried). The oldest: ${reason}`,
      'Nothing was deleted. Train again with the same configuration: selvedge train <library>/runs/<id>/config.json',
    );
  }

  /** Forgets what lies after `checkpoint`: it is about to be repeated. */
  private startFrom(run: Run, checkpoint: CheckpointFile | null): void {
    const step = checkpoint?.step ?? -1;
    this.store.atomically(() => {
      this.store.metrics.truncateAfter(run.id, step);
      this.store.history.truncateAfter(run.id, step);
      for (const record of this.store.checkpoints.list(run.id)) {
        if (record.step > step) this.store.checkpoints.remove(run.id, record.path);
      }
      if (!checkpoint) {
        this.store.runs.progress(run.id, 0, 0);
        return;
      }
      this.store.history.addEvent(run.id, 'resumed', `Continued from step ${step}.`, {
        step,
        checkpoint: basename(checkpoint.path),
      });
    });
  }
}

const setAside = (path: string): string => `${path}.bad`;

/** A file that cannot be renamed stays where it is: it is refused again the next time. */
function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // Gone, or in a folder that cannot be written, which the child will say more clearly.
  }
}

function failed(failure: string, hint: string | null = null): Extract<AttemptEnd, { kind: 'ended' }> {
  return {
    kind: 'ended',
    end: { status: 'failed', exitCode: null, exitSignal: null, failure, hint },
    result: null,
  };
}
