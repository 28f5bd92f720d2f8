/** src/renderer/charts/table-rows.ts */
import { expect, test } from 'vitest';
import { tableRows } from '../../../src/renderer/charts/table-rows';

const column = (x: number[]) => ({ x: Float64Array.from(x), y: Float64Array.from(x, (at) => at * 10) });

test('one row for each place of any curve', () => {
  expect(tableRows([column([1, 3]), column([3, 5])], null)).toEqual([
    { x: 1, values: [10, null] },
    { x: 3, values: [30, 30] },
    { x: 5, values: [null, 50] },
  ]);
});

test('only what is in the range, ends included', () => {
  expect(tableRows([column([1, 2, 3, 4])], { from: 2, to: 3 }).map(({ x }) => x)).toEqual([2, 3]);
});

test('thinned evenly where there are too many, first and last kept', () => {
  const rows = tableRows([column(Array.from({ length: 5000 }, (_, index) => index))], null);
  expect(rows).toHaveLength(200);
  expect([rows[0].x, rows[199].x]).toEqual([0, 4999]);
  expect(new Set(rows.map(({ x }) => x)).size).toBe(200);
});

test('no curves, no rows', () => {
  expect(tableRows([], null)).toEqual([]);
});
