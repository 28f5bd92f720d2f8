/**
 * Follows a library that another process owns: what it wrote since the last look becomes events, so that a training
 * from the command line shows live. Looks once a second, and only while somebody listens.
 */
import { groupCurves, type HostEvent, type Points } from '../../shared/api/events';
import type { RunRow } from '../../shared/api/run-rows';
import type { OpenLibrary } from './open-library';
import type { RunRows } from './run-rows';

const PERIOD = 1000;
/** New points of a curve that one look tells; more come with the next. */
const POINTS = 1000;

export interface WatcherContext {
  library: OpenLibrary;
  rows: RunRows;
  isWatched(): boolean;
  publish(event: HostEvent): void;
}

export class Watcher {
  private timer: NodeJS.Timeout | undefined;
  private version = -1;
  /** Text of each row, by run. */
  private known: Map<string, string> | null = null;
  /** The last step that was told, by run and metric. */
  private readonly told = new Map<string, Map<string, number>>();

  constructor(private readonly context: WatcherContext) {}

  start(): void {
    this.timer ??= setInterval(() => this.look(), PERIOD);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.known = null;
    this.told.clear();
  }

  /** Tells what has changed since the look before. The first look only remembers. */
  look(): void {
    if (!this.context.isWatched()) return;
    try {
      const version = this.context.library.host.store.version();
      if (version === this.version && this.known) return;
      this.version = version;
      this.compare();
    } catch (error) {
      // The owner may be in the middle of a migration or a move; the next look will tell.
      console.error(error);
    }
  }

  private compare(): void {
    const rows = this.context.rows.list([]);
    const before = this.known;
    this.known = new Map(rows.map((row) => [row.id, JSON.stringify(stable(row))]));
    for (const row of rows) {
      if (row.state === 'running') this.tellPoints(row.id, before !== null);
      else this.told.delete(row.id);
      if (before && before.get(row.id) !== this.known.get(row.id)) {
        this.context.publish({ type: 'run', row });
      }
    }
    for (const run of before?.keys() ?? []) {
      if (!this.known.has(run)) this.context.publish({ type: 'run-deleted', run });
    }
  }

  private tellPoints(run: string, aloud: boolean): void {
    const { metrics } = this.context.library.host.store;
    const told = this.told.get(run) ?? new Map<string, number>();
    this.told.set(run, told);
    const curves: Points[] = [];
    let truncatedTo: number | null = null;
    for (const { name, lastStep } of metrics.summaries(run)) {
      const after = told.get(name);
      told.set(name, lastStep);
      if (!aloud || after === lastStep) continue;
      if (after !== undefined && lastStep < after) {
        truncatedTo = Math.min(truncatedTo ?? lastStep, lastStep);
        continue;
      }
      const points = metrics.points(run, name, after ?? -1, POINTS);
      told.set(name, points.at(-1)?.step ?? lastStep);
      curves.push({
        name,
        steps: points.map(({ step }) => step),
        epochs: points.map(({ epoch }) => epoch),
        times: points.map(({ time }) => time),
        values: points.map(({ value }) => (Number.isFinite(value) ? value : null)),
      });
    }
    if (truncatedTo !== null) this.context.publish({ type: 'truncated', run, step: truncatedTo });
    if (curves.length) this.context.publish({ type: 'metrics', run, groups: groupCurves(curves) });
  }
}

/** Without what changes by itself while time passes. */
function stable({ trainedFor: _, ...row }: RunRow): Omit<RunRow, 'trainedFor'> {
  return row;
}
