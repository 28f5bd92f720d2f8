/** Which point of a curve is meant by a place on the x axis. */

/** Index of the first of the rising `xs` that is not before `x`; `xs.length` where all are. */
export function lowerBound(xs: Float64Array, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @returns index of the nearest, -1 where there is none. */
export function nearestIndex(xs: Float64Array, x: number): number {
  if (xs.length === 0) return -1;
  const right = lowerBound(xs, x);
  if (right === 0) return 0;
  if (right === xs.length) return xs.length - 1;
  return x - xs[right - 1] <= xs[right] - x ? right - 1 : right;
}

/** A curve in x order, as the hover asks for it. */
export interface Readable {
  readonly id: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface Reading {
  readonly id: string;
  readonly index: number;
  readonly x: number;
  readonly y: number;
}

/**
 * The value of each curve at `x`, the greatest first, NaN last.
 * @param reach a curve that begins or ends farther away than this has no value there.
 */
export function readAt(curves: readonly Readable[], x: number, reach: number): Reading[] {
  const readings: Reading[] = [];
  for (const { id, x: xs, y } of curves) {
    const index = nearestIndex(xs, x);
    if (index < 0 || x < xs[0] - reach || x > xs[xs.length - 1] + reach) continue;
    readings.push({ id, index, x: xs[index], y: y[index] });
  }
  const rank = (y: number) => (Number.isNaN(y) ? -Infinity : y);
  return readings.sort((a, b) => rank(b.y) - rank(a.y) || 0);
}
