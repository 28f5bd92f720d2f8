/** Writes what a training child says into the store: points and log lines in batches, the rest as it comes. */
import type { CheckpointInfo } from '../../shared/checkpoint-info';
import type { MetricPoint, RunnerMessage } from '../../shared/protocol';
import { recordPath } from '../checkpoints';
import type { LogLine } from '../store/history';
import type { Store } from '../store/store';

/** A batch is written when it is this old, in milliseconds, or this large. */
const BATCH_AGE = 1000;
const BATCH_POINTS = 200;

export class Recorder {
  private points: MetricPoint[] = [];
  private lines: LogLine[] = [];
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param library the library's folder.
   * @param onError called where the store cannot be written (a full disk); what was not written is lost.
   */
  constructor(
    private readonly store: Store,
    private readonly library: string,
    private readonly run: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  message(message: RunnerMessage): void {
    switch (message.type) {
      case 'metrics':
        this.points.push(...message.points);
        this.schedule();
        return;
      case 'log':
        this.line({ time: Date.now(), source: message.level, text: message.message });
        return;
      case 'event':
        this.now(() => this.event(message.name, message.message, message.data));
        return;
      case 'checkpoint':
        this.now(() => this.checkpoint(message.checkpoint));
        return;
      case 'checkpoint-deleted':
        this.now(() => this.store.checkpoints.remove(this.run, this.recordPath(message.path)));
        return;
      case 'failed':
        for (const text of message.stack?.split('\n') ?? []) {
          this.line({ time: Date.now(), source: 'error', text });
        }
        return;
      case 'paused':
        this.now(() => this.store.runs.pause(this.run));
        return;
      case 'unpaused':
        this.now(() => this.store.runs.unpause(this.run));
        return;
      case 'ready':
      case 'heartbeat':
      case 'progress':
      case 'work':
      case 'pictures':
      case 'reply':
      case 'result':
        return;
      default:
        message satisfies never;
    }
  }

  line(line: LogLine): void {
    this.lines.push(line);
    this.schedule();
  }

  /** Writes what waits, in one transaction. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { points, lines } = this;
    this.points = [];
    this.lines = [];
    if (!points.length && !lines.length) return;
    try {
      this.store.atomically(() => {
        if (points.length) {
          this.store.metrics.insert(this.run, points);
          const latest = points.reduce((a, b) => (b.step >= a.step ? b : a));
          this.store.runs.progress(this.run, latest.step, latest.epoch);
        }
        if (lines.length) this.store.history.addLog(this.run, lines);
      });
    } catch (error) {
      this.onError(error);
    }
  }

  private schedule(): void {
    if (this.points.length >= BATCH_POINTS) {
      this.flush();
      return;
    }
    this.timer ??= setTimeout(() => this.flush(), BATCH_AGE);
  }

  /** Keeps the order of what the child said: waiting points first. */
  private now(write: () => void): void {
    this.flush();
    try {
      write();
    } catch (error) {
      this.onError(error);
    }
  }

  private event(name: string, text: string, data: Record<string, unknown>): void {
    this.store.history.addEvent(this.run, name, text, data);
    if (name !== 'evaluation' && name !== 'baseline') return;
    const step = typeof data['step'] === 'number' ? data['step'] : null;
    this.store.history.addEvaluation(this.run, { kind: name, step, data });
  }

  private checkpoint(checkpoint: CheckpointInfo): void {
    this.store.checkpoints.add(this.run, { ...checkpoint, path: this.recordPath(checkpoint.path) });
    this.store.runs.progress(this.run, checkpoint.step, checkpoint.epoch);
  }

  private recordPath(path: string): string {
    return recordPath(this.library, this.run, path);
  }
}
