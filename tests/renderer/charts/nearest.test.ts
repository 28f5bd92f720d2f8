/** src/renderer/charts/nearest.ts */
import { expect, test } from 'vitest';
import { lowerBound, nearestIndex, readAt } from '../../../src/renderer/charts/nearest';

const xs = Float64Array.of(0, 10, 20, 40);

test.each([
  [-5, 0],
  [4, 0],
  [5, 0],
  [6, 1],
  [31, 3],
  [99, 3],
])('the point nearest to %d is %d', (x, index) => {
  expect(nearestIndex(xs, x)).toBe(index);
});

test('nothing is nearest in an empty curve', () => {
  expect(nearestIndex(new Float64Array(0), 3)).toBe(-1);
  expect(lowerBound(xs, 20)).toBe(2);
  expect(lowerBound(xs, 41)).toBe(4);
});

test('values are sorted, the greatest first and gaps last; a curve that ended far before has none', () => {
  const curves = [
    { id: 'low', x: xs, y: Float64Array.of(1, 1, 1, 1) },
    { id: 'gap', x: xs, y: Float64Array.of(NaN, NaN, NaN, NaN) },
    { id: 'high', x: xs, y: Float64Array.of(1, 2, 3, 4) },
    { id: 'short', x: Float64Array.of(0, 5), y: Float64Array.of(9, 9) },
  ];
  expect(readAt(curves, 38, 3).map(({ id, y }) => [id, y])).toEqual([
    ['high', 4],
    ['low', 1],
    ['gap', NaN],
  ]);
  expect(readAt(curves, 7, 3)[0]).toEqual({ id: 'short', index: 1, x: 5, y: 9 });
});
