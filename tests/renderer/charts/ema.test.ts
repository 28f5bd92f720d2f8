/** src/renderer/charts/ema.ts */
import { expect, test } from 'vitest';
import { smooth } from '../../../src/renderer/charts/ema';

const at = (n: number, spacing = 1) => Float64Array.from({ length: n }, (_, index) => index * spacing);

test('the first value is kept, and each later one is the debiased average', () => {
  // With weight 1/2: (1/2 * 4 + 1/4 * 2) / (3/4) and so on.
  const out = smooth(Float64Array.of(2, 4, 8), at(3), 0.5);
  expect(out[0]).toBeCloseTo(2, 12);
  expect(out[1]).toBeCloseTo((4 / 2 + 2 / 4) / (3 / 4), 12);
  expect(out[2]).toBeCloseTo((8 / 2 + 4 / 4 + 2 / 8) / (7 / 8), 12);
});

test('a flat curve stays flat, however heavy the weight', () => {
  expect([...smooth(new Float64Array(50).fill(3), at(50), 0.999)].every((v) => Math.abs(v - 3) < 1e-9)).toBe(
    true,
  );
});

test('gaps stay gaps and change no later value but by the distance', () => {
  const out = smooth(Float64Array.of(1, NaN, Infinity, 1), at(4), 0.9);
  expect([...out]).toEqual([1, NaN, Infinity, expect.closeTo(1, 12)]);
});

test('weight 0 gives the very array back', () => {
  const values = Float64Array.of(1, 2, 3);
  expect(smooth(values, at(3), 0)).toBe(values);
});

test('a curve that is finer in one place is smoothed as the coarse one', () => {
  const shape = (step: number) => Math.sin(step / 4000);
  const coarseAt = at(2001, 10);
  const fineAt = Float64Array.from([...at(1001, 10), ...at(10_000, 1).map((step) => 10_001 + step)]);
  const last = (xs: Float64Array) => smooth(xs.map(shape), xs, 0.9).at(-1)!;
  expect(last(fineAt)).toBeCloseTo(last(coarseAt), 2);
});
