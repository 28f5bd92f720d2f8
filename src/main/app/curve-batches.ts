/** Gathers the points of a run's curves so that windows hear of them at most ten times a second, column by column. */
import type { Points } from '../../shared/api/events';
import type { MetricPoint } from '../../shared/protocol';

/** Milliseconds between two batches. */
const PERIOD = 100;

export class CurveBatches {
  private curves = new Map<string, Points>();
  private timer: NodeJS.Timeout | undefined;
  private lastSent = -Infinity;

  constructor(private readonly send: (curves: Points[]) => void) {}

  add(points: readonly MetricPoint[]): void {
    for (const { name, step, epoch, time, value } of points) {
      let curve = this.curves.get(name);
      if (!curve) {
        curve = { name, steps: [], epochs: [], times: [], values: [] };
        this.curves.set(name, curve);
      }
      curve.steps.push(step);
      curve.epochs.push(epoch);
      curve.times.push(time);
      curve.values.push(Number.isFinite(value) ? value : null);
    }
    if (this.curves.size) {
      this.timer ??= setTimeout(() => this.flush(), Math.max(0, this.lastSent + PERIOD - performance.now()));
    }
  }

  /** Sends what waits now: before anything is told that must not overtake it. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.curves.size) return;
    const curves = [...this.curves.values()];
    this.curves = new Map();
    this.lastSent = performance.now();
    this.send(curves);
  }
}
