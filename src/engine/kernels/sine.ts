/** Sine and cosine on a GPU, whose own are exact to 2^-11 only: reduced to half a turn, then a polynomial. */
import type { Lowering } from '../lower/lowering';

/** pi in two parts: whole multiples of the first are exact in float32 for arguments of up to a few thousand. */
const PI_HIGH = 3.140625;
const PI_LOW = Math.PI - PI_HIGH;

/** Taylor's series of sin(r) / r in r^2; at |r| = pi / 2 the rest is 6e-8. */
const COEFFICIENTS = [1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362_880, -1 / 39_916_800];

/** sin(x): with k the nearest whole number to x / pi, it is (-1)^k sin(x - k pi). */
export function sine(x: string, lowering: Lowering): string {
  const add = (a: string, b: string) => lowering.emit('Add', [a, b]);
  const times = (a: string, b: string) => lowering.emit('Mul', [a, b]);
  const scalar = (value: number) => lowering.scalar(value);
  const floor = (a: string) => lowering.emit('Floor', [a]);

  const k = floor(add(times(x, scalar(1 / Math.PI)), scalar(0.5)));
  const r = add(add(x, times(k, scalar(-PI_HIGH))), times(k, scalar(-PI_LOW)));
  const square = times(r, r);
  const [highest, ...lower] = [...COEFFICIENTS].reverse();
  const series = lower.reduce((sum, c) => add(times(sum, square), scalar(c)), scalar(highest));
  const isOdd = add(k, times(floor(times(k, scalar(0.5))), scalar(-2)));
  const sign = add(times(isOdd, scalar(-2)), scalar(1));
  return times(times(series, r), sign);
}
