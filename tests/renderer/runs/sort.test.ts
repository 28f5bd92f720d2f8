/** src/renderer/pages/runs/sort.ts */
import { describe, expect, test } from 'vitest';
import { columnOf } from '../../../src/renderer/pages/runs/columns';
import { formatSort, nextSort, parseSort, sortRows } from '../../../src/renderer/pages/runs/sort';
import { runRow, summary } from '../lib/run-row';

const knn = (id: string, best: number | null) =>
  runRow({ id, metrics: { knn: summary({ best, last: best }) } });

describe('order', () => {
  test('rows without a value come last either way', () => {
    const rows = [knn('a', null), knn('b', 0.2), knn('c', 0.6)];
    const sorted = (descending: boolean) =>
      sortRows(rows, columnOf('best:knn'), descending)
        .map(({ id }) => id)
        .join('');
    expect(sorted(false)).toBe('bca');
    expect(sorted(true)).toBe('cba');
  });

  test('equal rows keep their places, also downwards', () => {
    const rows = [knn('a', 0.5), knn('b', 0.5), knn('c', 0.5)];
    expect(sortRows(rows, columnOf('best:knn'), true)).toEqual(rows);
  });

  test('names sort as people count', () => {
    const rows = ['run 10', 'Run 2', 'run 1'].map((name) => runRow({ id: name, name }));
    expect(sortRows(rows, columnOf('name'), false).map(({ name }) => name)).toEqual([
      'run 1',
      'Run 2',
      'run 10',
    ]);
  });

  test('no column leaves the rows as they are', () => {
    const rows = [knn('a', 1), knn('b', 2)];
    expect(sortRows(rows, undefined, true)).toBe(rows);
  });
});

test('headings go from the useful direction to the other, and back to no order', () => {
  const accuracy = columnOf('best:knn')!;
  const first = nextSort(null, accuracy);
  expect(first).toEqual({ column: 'best:knn', descending: true });
  const second = nextSort(first, accuracy);
  expect(second).toEqual({ column: 'best:knn', descending: false });
  expect(nextSort(second, accuracy)).toBeNull();
  expect(nextSort(null, columnOf('last:loss')!)).toMatchObject({ descending: false });
  expect(nextSort(null, columnOf('started')!)).toMatchObject({ descending: true });
});

test('the address keeps the order', () => {
  for (const text of ['best:knn', '-best:knn']) expect(formatSort(parseSort(text))).toBe(text);
  expect(parseSort(undefined)).toBeNull();
});
