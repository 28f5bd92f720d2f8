/** The child's end of the wire: typed messages to the host, batched where there are many. */
import { PROTOCOL_VERSION, type MetricPoint, type RunnerMessage, type Unversioned } from '../shared/protocol';

export type Outgoing = Unversioned<RunnerMessage>;
export type ProgressUpdate = Omit<Extract<Outgoing, { type: 'progress' }>, 'type'>;
export type WorkUpdate = Omit<Extract<Outgoing, { type: 'work' }>, 'type'>;
type EventMessage = Extract<Outgoing, { type: 'event' }>;

/** Sends one message and calls back once it has left; a host that is gone is not an error. */
export type Transport = (message: RunnerMessage, sent: () => void) => void;

/** Charts and progress bars need no more than this, milliseconds between messages. */
const QUIET = 200;
/** Silence after which a heartbeat is due, milliseconds. */
const HEARTBEAT = 1000;

/** What a job says while it works. */
export class Channel {
  private points: MetricPoint[] = [];
  private lastMetrics = 0;
  private lastProgress = 0;
  private lastHeartbeat = 0;
  private phase: string | undefined;
  private pending = 0;
  private onDrained: (() => void) | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly now: () => number = Date.now,
  ) {}

  send(message: Outgoing): void {
    // A chart must not lag behind an event or a checkpoint that speaks of its last point.
    if (message.type !== 'metrics' && message.type !== 'heartbeat') this.flushMetrics();
    this.pending++;
    this.transport({ version: PROTOCOL_VERSION, ...message }, () => {
      if (--this.pending === 0) this.onDrained?.();
    });
  }

  log(level: 'info' | 'warning' | 'error', message: string): void {
    this.send({ type: 'log', level, message });
  }

  event(name: EventMessage['name'], message: string, data: Record<string, unknown> = {}): void {
    this.send({ type: 'event', name, message, data });
  }

  /** Kept back and sent in batches. */
  metrics(points: readonly MetricPoint[]): void {
    this.points.push(...points);
    if (this.now() - this.lastMetrics >= QUIET) this.flushMetrics();
  }

  /** Left out where the last one is recent, except for the first and the last of a phase. */
  progress(update: ProgressUpdate): void {
    const edge = update.phase !== this.phase || update.done >= update.total;
    if (!edge && this.now() - this.lastProgress < QUIET) return;
    this.phase = update.phase;
    this.lastProgress = this.now();
    this.send({ type: 'progress', ...update });
  }

  /** Left out where the last one is recent, except for the first and the last of what is being done. */
  work(update: WorkUpdate): void {
    const edge = update.doing !== this.phase || update.done >= update.total;
    if (!edge && this.now() - this.lastProgress < QUIET) return;
    this.phase = update.doing;
    this.lastProgress = this.now();
    this.send({ type: 'work', ...update });
  }

  /** Call between pieces of work that block the thread: a timer cannot fire meanwhile. */
  heartbeat(): void {
    if (this.now() - this.lastHeartbeat < HEARTBEAT) return;
    this.lastHeartbeat = this.now();
    const { user, system } = process.cpuUsage();
    this.send({
      type: 'heartbeat',
      rssBytes: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
    });
  }

  /** Resolves once everything has left. */
  async drained(): Promise<void> {
    this.flushMetrics();
    if (this.pending > 0) await new Promise<void>((resolve) => (this.onDrained = resolve));
  }

  private flushMetrics(): void {
    if (this.points.length === 0) return;
    const points = this.points;
    this.points = [];
    this.lastMetrics = this.now();
    this.send({ type: 'metrics', points });
  }
}
