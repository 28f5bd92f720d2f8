/** Curves that grow while one looks: live points join the parts that the host sent, and the array stays bounded. */
import { CURVE_COLUMNS, type Curve } from '../../shared/api/files';
import type { Points } from '../../shared/api/events';

export const emptyCurve = (): Curve => columns(() => new Float64Array(0));

const columns = (make: (name: keyof Curve) => Float64Array): Curve =>
  Object.fromEntries(CURVE_COLUMNS.map((name) => [name, make(name)])) as Curve;

/**
 * A curve in parts of equal width in steps. Points are appended to the newest part until it is as wide as the others.
 * When there are twice `parts`, neighbours are joined. `curve` is a new object after every change.
 */
export class GrowingCurve {
  curve: Curve;
  private buffers: Curve;
  private length: number;
  /** Of a part, in steps. */
  private width: number;
  /** Points in the newest part, values that are numbers among them; null where the host made it. */
  private newest: { points: number; numbers: number } | null = null;

  constructor(
    curve: Curve,
    private readonly parts = 2000,
  ) {
    this.length = Math.min(curve.step.length, 2 * parts);
    this.buffers = columns((name) => {
      const buffer = new Float64Array(2 * parts);
      buffer.set(curve[name].subarray(curve.step.length - this.length));
      return buffer;
    });
    this.width = Math.max(1, this.span / parts);
    this.curve = this.view();
  }

  /** Points at or before the newest known step are known already and passed over. */
  append({ steps, epochs, times, values }: Points): void {
    let changed = false;
    for (let index = 0; index < steps.length; index++) {
      if (this.length > 0 && steps[index] <= this.lastStep) continue;
      this.add(steps[index], epochs[index], times[index], values[index] ?? NaN);
      changed = true;
    }
    if (changed) this.curve = this.view();
  }

  /** Forgets what came after `step`. A part that reaches beyond it goes whole: ask the host for the true one. */
  truncate(step: number): void {
    while (this.length > 0 && this.lastStep > step) this.length--;
    this.newest = null;
    this.curve = this.view();
  }

  private get lastStep(): number {
    return this.buffers.step[this.length - 1];
  }

  private get span(): number {
    return this.length === 0 ? 0 : this.lastStep - this.buffers.step[0];
  }

  private add(step: number, epoch: number, time: number, value: number): void {
    const bin = (at: number) => Math.floor((at - this.buffers.step[0]) / this.width);
    if (this.newest && bin(step) === bin(this.lastStep)) this.join(value);
    else {
      if (this.length === 2 * this.parts) this.halve();
      const { min, max, mean } = this.buffers;
      min[this.length] = max[this.length] = mean[this.length] = value;
      this.newest = { points: 1, numbers: Number.isNaN(value) ? 0 : 1 };
      this.length++;
    }
    const last = this.length - 1;
    this.buffers.step[last] = step;
    this.buffers.epoch[last] = epoch;
    this.buffers.time[last] = time;
    this.buffers.last[last] = value;
  }

  private join(value: number): void {
    const newest = this.newest!;
    newest.points++;
    if (Number.isNaN(value)) return;
    const { min, max, mean } = this.buffers;
    const at = this.length - 1;
    newest.numbers++;
    if (newest.numbers === 1) min[at] = max[at] = mean[at] = value;
    else {
      min[at] = Math.min(min[at], value);
      max[at] = Math.max(max[at], value);
      mean[at] += (value - mean[at]) / newest.numbers;
    }
  }

  /** Into fresh buffers: views that were handed out keep what they show. */
  private halve(): void {
    const { buffers, length } = this;
    const half = Math.floor(length / 2);
    const next = columns(() => new Float64Array(2 * this.parts));
    for (let to = 0; to < half; to++) {
      const [left, right] = [2 * to, 2 * to + 1];
      for (const name of ['step', 'epoch', 'time', 'last'] as const) next[name][to] = buffers[name][right];
      next.min[to] = of(Math.min, buffers.min[left], buffers.min[right]);
      next.max[to] = of(Math.max, buffers.max[left], buffers.max[right]);
      next.mean[to] = of((a, b) => (a + b) / 2, buffers.mean[left], buffers.mean[right]);
    }
    this.buffers = next;
    this.length = half;
    this.width = Math.max(1, this.span / this.parts);
    this.newest = null;
  }

  private view(): Curve {
    return columns((name) => this.buffers[name].subarray(0, this.length));
  }
}

/** Of two numbers, where NaN is no number. */
function of(combine: (a: number, b: number) => number, a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : combine(a, b);
}

/** The coarse curve with its part from `fine`'s first to its last step replaced by `fine`. */
export function spliceCurve(coarse: Curve, fine: Curve): Curve {
  if (fine.step.length === 0) return coarse;
  const [first, last] = [fine.step[0], fine.step.at(-1)!];
  let before = 0;
  while (before < coarse.step.length && coarse.step[before] < first) before++;
  let after = before;
  while (after < coarse.step.length && coarse.step[after] <= last) after++;
  return columns((name) => {
    const out = new Float64Array(before + fine.step.length + coarse.step.length - after);
    out.set(coarse[name].subarray(0, before));
    out.set(fine[name], before);
    out.set(coarse[name].subarray(after), before + fine.step.length);
    return out;
  });
}
