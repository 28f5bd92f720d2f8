/** A run in training, as windows see it: what its child says becomes events. */
import { groupCurves, type HostEvent } from '../../shared/api/events';
import type { LogLine, Progress } from '../../shared/api/runs';
import type { RunnerMessage } from '../../shared/protocol';
import type { TrainHooks } from '../supervisor/supervisor';
import { CurveBatches } from './curve-batches';

/** What a live run tells, and what it needs to be told. */
export interface LiveRunContext {
  publish(event: HostEvent): void;
  /** Something in the run's row changed. */
  rowChanged(): void;
  /** The list of its checkpoints changed. */
  checkpointsChanged(): void;
  /** There are new pictures. */
  picturesChanged(): void;
  /** An evaluation was stored. */
  evaluated(): void;
}

/** Progress and log are told at most twice a second: nobody reads faster. Curves have a period of their own. */
const PERIOD = 500;
/** The row, which grows a step with every step, once a second. */
const ROW_PERIOD = 1000;

export class LiveRun {
  /** Where the work stands. */
  progress: Progress = { ...NOTHING_DONE, phase: 'starting' };
  /** Of the training process, from its latest heartbeat. */
  heartbeat: { rssBytes: number; cpuSeconds: number; time: number } | null = null;
  /** For the supervisor. */
  readonly hooks: TrainHooks;
  private readonly curves: CurveBatches;
  private lines: LogLine[] = [];
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly run: string,
    private readonly context: LiveRunContext,
  ) {
    this.curves = new CurveBatches((curves) =>
      context.publish({ type: 'metrics', run, groups: groupCurves(curves) }),
    );
    this.hooks = {
      onMessage: (message) => this.hear(message),
      onLine: (line) => this.log(line),
      onStart: (step) => this.startFrom(step),
      onRefused: (_checkpoint, message) => this.note('checkpoint-refused', message, {}),
    };
    this.tellProgress();
  }

  /** A stop was asked for. */
  stopping(): void {
    this.progress = { ...this.progress, phase: 'stopping', secondsLeft: null };
    this.tellProgress();
  }

  /** Tells the points that wait to be told: whoever reads the store now has them, and is to hear only of later ones. */
  tellPoints(): void {
    this.curves.flush();
  }

  /** Tells what waits to be told. Nothing comes after it. */
  end(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.curves.flush();
    this.tellLog();
    this.context.publish({ type: 'progress', run: this.run, progress: null });
  }

  private hear(message: RunnerMessage): void {
    switch (message.type) {
      case 'progress': {
        const { version: _version, type: _type, ...progress } = message;
        if (this.progress.phase === 'stopping' && progress.phase === 'training') return;
        this.progress = progress;
        this.soon('progress', PERIOD, () => this.tellProgress());
        return;
      }
      case 'metrics':
        this.curves.add(message.points);
        this.soon('row', ROW_PERIOD, () => this.context.rowChanged());
        return;
      case 'log':
        this.log({ time: Date.now(), source: message.level, text: message.message });
        return;
      case 'event':
        this.note(message.name, message.message, message.data);
        if (message.name === 'evaluation' || message.name === 'baseline') this.context.evaluated();
        if (message.name === 'collapse' || message.name === 'collapse-ended') this.context.rowChanged();
        return;
      case 'checkpoint':
      case 'checkpoint-deleted':
        this.context.checkpointsChanged();
        return;
      case 'pictures':
        this.context.picturesChanged();
        return;
      case 'paused':
      case 'unpaused':
        this.context.rowChanged();
        return;
      case 'heartbeat':
        this.heartbeat = { rssBytes: message.rssBytes, cpuSeconds: message.cpuSeconds, time: Date.now() };
        return;
      case 'failed':
        for (const text of message.stack?.split('\n') ?? [])
          this.log({ time: Date.now(), source: 'error', text });
        return;
      case 'ready':
      case 'work':
      case 'reply':
      case 'result':
        return;
      default:
        message satisfies never;
    }
  }

  private startFrom(step: number): void {
    this.curves.flush();
    if (step >= 0) {
      this.context.publish({ type: 'truncated', run: this.run, step });
      this.context.checkpointsChanged();
      this.note('resumed', `Continued from step ${step}.`, { step });
    }
    this.context.rowChanged();
  }

  private note(name: string, text: string, data: Record<string, unknown>): void {
    this.curves.flush();
    this.context.publish({
      type: 'note',
      run: this.run,
      note: { time: Date.now(), name, message: text, data },
    });
  }

  private log(line: LogLine): void {
    this.lines.push(line);
    this.soon('log', PERIOD, () => this.tellLog());
  }

  private tellLog(): void {
    if (!this.lines.length) return;
    // More than the library keeps is more than anybody reads.
    const lines = this.lines.slice(-LINES_KEPT);
    this.lines = [];
    this.context.publish({ type: 'log', run: this.run, lines });
  }

  private tellProgress(): void {
    this.context.publish({ type: 'progress', run: this.run, progress: this.progress });
  }

  /** Once, this many milliseconds from the first time it was asked for. */
  private soon(what: string, milliseconds: number, tell: () => void): void {
    if (this.timers.has(what)) return;
    const timer = setTimeout(() => {
      this.timers.delete(what);
      tell();
    }, milliseconds);
    this.timers.set(what, timer);
  }
}

const LINES_KEPT = 200;

const NOTHING_DONE: Omit<Progress, 'phase'> = {
  done: 0,
  total: 0,
  rate: null,
  secondsLeft: null,
  epoch: null,
  epochs: null,
};
