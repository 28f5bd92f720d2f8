/** One attempt to train a run in one child: from a checkpoint, or anew. */
import { messageOf, UserError } from '../../shared/errors';
import { trainResultSchema, type RunnerMessage, type TrainResult } from '../../shared/protocol';
import type { CheckpointFile } from '../checkpoints';
import { cacheFolder, runFolder } from '../library';
import { identityOf } from '../process-identity';
import type { LogLine } from '../store/history';
import type { Run, RunEnd } from '../store/runs';
import type { Store } from '../store/store';
import { JobProcess, type JobEnd, type Runner } from './job-process';
import { Recorder } from './recorder';

export type AttemptEnd =
  /** The checkpoint could not be read; nothing was trained and nothing changed. */
  { kind: 'refused'; message: string } | { kind: 'ended'; end: RunEnd; result: TrainResult | null };

export class Attempt {
  private readonly child: JobProcess;
  private readonly recorder: Recorder;
  private accepted = false;
  private worked = false;
  private storeError: unknown;

  /**
   * @param from null starts anew.
   * @param onAccepted called once the child works from `from`: what lies after that step is about to be repeated.
   */
  constructor(
    private readonly store: Store,
    library: string,
    runner: Runner,
    private readonly run: Run,
    from: CheckpointFile | null,
    private readonly hooks: {
      onMessage?: ((message: RunnerMessage) => void) | undefined;
      onLine?: ((line: LogLine) => void) | undefined;
      onAccepted: () => void;
    },
  ) {
    this.recorder = new Recorder(store, library, run.id, (error) => {
      this.storeError ??= error;
      this.child.stop();
    });
    const job = {
      kind: 'train',
      runId: run.id,
      runDirectory: runFolder(library, run.id),
      cacheDirectory: cacheFolder(library),
      config: run.config,
      continueFrom: from?.path ?? null,
    } as const;
    this.child = new JobProcess(runner, job, {
      onMessage: (message) => this.receive(message),
      onLine: (source, text) => {
        const line = { time: Date.now(), source, text };
        this.recorder.line(line);
        hooks.onLine?.(line);
      },
    });
    const { pid } = this.child;
    try {
      store.runs.start(run.id, pid ?? null, pid === undefined ? null : identityOf(pid));
    } catch (error) {
      this.child.kill();
      throw error;
    }
    if (!from) this.accept();
  }

  stop(): void {
    this.child.stop();
  }

  kill(): void {
    this.child.kill();
  }

  /** Before its next step; the hooks hear `paused` when it is so. */
  pause(): void {
    this.child.send({ type: 'pause' });
  }

  unpause(): void {
    this.child.send({ type: 'unpause' });
  }

  /** Has everything that was said written into the store. */
  flush(): void {
    this.recorder.flush();
  }

  /** Never rejects; the store has everything the child said when it settles. */
  async ended(): Promise<AttemptEnd> {
    const job = await this.child.ended;
    this.recorder.flush();
    if (job.outcome.kind === 'failed' && job.outcome.failure.code === 'bad-checkpoint') {
      return { kind: 'refused', message: job.outcome.failure.message };
    }
    return this.concluded(job);
  }

  private receive(message: RunnerMessage): void {
    if (isWork(message)) {
      this.worked = true;
      this.accept();
    }
    this.recorder.message(message);
    this.hooks.onMessage?.(message);
  }

  private accept(): void {
    if (this.accepted) return;
    this.accepted = true;
    try {
      this.hooks.onAccepted();
    } catch (error) {
      this.storeError ??= error;
      this.child.stop();
    }
  }

  private concluded(job: JobEnd): AttemptEnd {
    const { exitCode, exitSignal, outcome } = job;
    const ended = (status: RunEnd['status'], failure: string | null, hint: string | null, result = null) =>
      ({ kind: 'ended', end: { status, exitCode, exitSignal, failure, hint }, result }) as const;
    if (this.storeError !== undefined) {
      const hint = this.storeError instanceof UserError ? this.storeError.hint : undefined;
      return ended(
        'failed',
        `The library could not be written, so training was stopped: ${messageOf(this.storeError).replace(/\.$/, '')}.`,
        hint ?? 'Is the disk full? Make room, then resume the run.',
      );
    }
    // Stopped while it started or its images were decoded: there is nothing to save, and nothing went wrong.
    if (outcome.kind !== 'answered' && job.stopped && !this.worked) return ended('stopped', null, null);
    if (outcome.kind === 'failed') {
      const { message, hint, kind } = outcome.failure;
      return ended('failed', message, kind === 'bug' ? BUG : hint);
    }
    if (outcome.kind === 'lost') {
      return job.stopped
        ? ended('interrupted', 'It was ended before it could write a checkpoint of its last step.', null)
        : ended('failed', outcome.message, outcome.hint);
    }
    const result = trainResultSchema.safeParse(outcome.value);
    if (!result.success) {
      return ended('failed', `The runner's answer is not in the protocol: ${result.error.message}`, null);
    }
    // Stopped before the first step it says step 0, wherever it was to continue from.
    if (this.worked) this.store.runs.progress(this.run.id, result.data.step, result.data.epoch);
    return { ...ended(result.data.stopped ? 'stopped' : 'done', null, null), result: result.data };
  }
}

const BUG =
  'This is a bug in Selvedge: its log (selvedge runs show <run>) says where. The run can be resumed.';

/** True for what a child only says once its checkpoint is loaded. */
function isWork(message: RunnerMessage): boolean {
  switch (message.type) {
    case 'metrics':
    case 'checkpoint':
    case 'checkpoint-deleted':
    case 'pictures':
      return true;
    case 'progress':
      return message.phase === 'training';
    case 'event':
      return message.name === 'evaluation' || message.name === 'baseline';
    case 'ready':
    case 'heartbeat':
    case 'paused':
    case 'unpaused':
    case 'log':
    case 'work':
    case 'reply':
    case 'result':
    case 'failed':
      return false;
    default:
      return message satisfies never;
  }
}
