/** The three ways to lay out a curve along x: by step, by epoch, by the time that was spent in training. */
import type { Curve } from '../../shared/api/files';
import { nearestIndex } from './nearest';
import type { ChartSeries, Span } from './series';
import { multiples, plainLabel, roundStep } from './ticks';

export const X_AXES = ['step', 'epoch', 'time'] as const;
export type XAxis = (typeof X_AXES)[number];

/** Short enough for the corner under the y axis. */
export const xTitle: Readonly<Record<XAxis, string>> = { step: 'step', epoch: 'epoch', time: 'time' };

type Timed = Pick<ChartSeries, 'curve' | 'start' | 'breaks'>;

/** Rising x of each part; time in ms of training since the start. Steps and epochs are the curve's own arrays. */
export function xValues({ curve, start, breaks = [] }: Timed, axis: XAxis): Float64Array {
  if (axis !== 'time') return curve[axis];
  const origin = start ?? curve.time[0] ?? 0;
  const out = new Float64Array(curve.time.length);
  let lost = 0;
  let next = 0;
  let before = 0;
  for (let index = 0; index < out.length; index++) {
    const time = curve.time[index];
    while (next < breaks.length && breaks[next].to <= time) {
      lost += breaks[next].to - breaks[next].from;
      next++;
    }
    // Clocks are set back at times.
    before = out[index] = Math.max(before, time - origin - lost);
  }
  return out;
}

/** Where a range on the axis `from` lies on the axis `to`, told by a curve; null where the curve is too short. */
export function translateSpan(series: Timed, span: Span, from: XAxis, to: XAxis): Span | null {
  if (from === to) return span;
  const [here, there] = [xValues(series, from), xValues(series, to)];
  if (here.length < 2) return null;
  const left = nearestIndex(here, span.from);
  const right = nearestIndex(here, span.to);
  return left < right ? { from: there[left], to: there[right] } : null;
}

/** The steps that a range on an axis shows. */
export function stepsOf(curve: Curve, xs: Float64Array, { from, to }: Span): Span | null {
  if (xs.length === 0) return null;
  return { from: curve.step[nearestIndex(xs, from)], to: curve.step[nearestIndex(xs, to)] };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIMES = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => n * DAY),
];

export interface Ticks {
  readonly at: number[];
  readonly labels: string[];
}

/** At most `most` + 1 round places from `min` to `max`, with what is written there. */
export function xTicks(axis: XAxis, min: number, max: number, most: number): Ticks {
  const span = max - min;
  if (!(span > 0)) return { at: [], labels: [] };
  if (axis === 'time') {
    const step = TIMES.find((time) => span / time <= most) ?? roundStep(span / DAY, most) * DAY;
    const at = multiples(min, max, step);
    return { at, labels: at.map((time) => timeLabel(time, step, max)) };
  }
  const rough = roundStep(span, most);
  const step = axis === 'step' ? Math.max(1, rough) : rough;
  const at = multiples(min, max, step);
  return { at, labels: at.map((value) => plainLabel(value, step, max)) };
}

/** "40 s", "12 min", "1:30 min", "3 h", "2:15 h", "4 d", "1 d 12 h". */
function timeLabel(time: number, step: number, max: number): string {
  if (time === 0) return '0';
  if (max <= 2 * MINUTE) return `${time / SECOND} s`;
  if (max <= 2 * HOUR) return step % MINUTE === 0 ? `${time / MINUTE} min` : clock(time, MINUTE, 'min');
  if (max <= 2 * DAY) return step % HOUR === 0 ? `${time / HOUR} h` : clock(time, HOUR, 'h');
  const hours = Math.round((time % DAY) / HOUR);
  const days = Math.floor(time / DAY);
  if (hours === 0) return `${days} d`;
  return days === 0 ? `${hours} h` : `${days} d ${hours} h`;
}

function clock(time: number, unit: number, name: string): string {
  const rest = String(Math.round((time % unit) / (unit / 60))).padStart(2, '0');
  return `${Math.floor(time / unit)}:${rest} ${name}`;
}
