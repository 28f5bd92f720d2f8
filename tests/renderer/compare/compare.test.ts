/** src/renderer/pages/compare: flatten.ts, order.ts, scatter.ts, compared.ts */
import { describe, expect, test } from 'vitest';
import { idsOf, sharedMetrics } from '../../../src/renderer/pages/compare/compared';
import { flatten, numericPaths, settingRows } from '../../../src/renderer/pages/compare/flatten';
import { nextOrder, orderRuns, type Ordered } from '../../../src/renderer/pages/compare/order';
import { fits, place, scaleOf, tickText } from '../../../src/renderer/pages/compare/scatter';
import { runRow, summary } from '../lib/run-row';

const slow = flatten({
  learningRate: 0.1,
  optimizer: { kind: 'sgd', momentum: 0.9 },
  tags: [],
  subset: null,
});
const fast = flatten({ learningRate: 3, optimizer: { kind: 'adam', beta1: 0.9 }, tags: [], subset: null });

describe('settings', () => {
  test('are flat, by dotted path; lists stay whole', () => {
    expect([...slow.keys()]).toEqual([
      'learningRate',
      'optimizer.kind',
      'optimizer.momentum',
      'tags',
      'subset',
    ]);
    expect(flatten({ a: [1, { b: 2 }], c: {} })).toEqual(
      new Map<string, unknown>([
        ['a', [1, { b: 2 }]],
        ['c', {}],
      ]),
    );
  });

  test('differ where a value does, or where a run has none', () => {
    const differing = settingRows([slow, fast]).filter(({ differs }) => differs);
    expect(differing.map(({ path }) => path)).toEqual([
      'learningRate',
      'optimizer.kind',
      'optimizer.momentum',
      'optimizer.beta1',
    ]);
    expect(differing[2].values).toEqual([0.9, undefined]);
  });

  test('null and absent are not the same', () => {
    expect(settingRows([flatten({ a: null }), flatten({})])[0].differs).toBe(true);
  });

  test('numbers that two runs have can be laid out', () => {
    expect(numericPaths([slow, fast])).toEqual(['learningRate']);
    expect(numericPaths([slow])).toEqual(['learningRate', 'optimizer.momentum']);
  });
});

describe('the order of runs', () => {
  const run = (id: string, best: number | null, rate: number): Ordered => ({
    row: runRow({ id, createdAt: rate }),
    settings: flatten({ learningRate: rate }),
    metrics: best === null ? {} : { knn: summary({ best, last: best }) },
  });
  const runs = [run('a', 0.4, 3), run('b', null, 1), run('c', 0.6, 2)];
  const ids = (key?: string) =>
    orderRuns(runs, key)
      .map(({ row }) => row.id)
      .join('');

  test.each([
    [undefined, 'abc'],
    ['name', 'abc'],
    ['-name', 'cba'],
    ['-created', 'acb'],
    ['best:knn', 'acb'],
    ['-best:knn', 'cab'],
    ['set:learningRate', 'bca'],
    ['set:nothing', 'abc'],
    ['nonsense', 'abc'],
  ])('by %s', (key, expected) => {
    expect(ids(key)).toBe(expected);
  });

  test('a heading begins with the best on top, turns round, and ends', () => {
    expect(nextOrder(undefined, 'best:knn')).toBe('-best:knn');
    expect(nextOrder('-best:knn', 'best:knn')).toBe('best:knn');
    expect(nextOrder('best:knn', 'best:knn')).toBeUndefined();
    expect(nextOrder('name', 'last:loss')).toBe('last:loss');
  });
});

describe('a scatter', () => {
  test('has room around its values and round ticks inside', () => {
    const scale = scaleOf([10, 30], false);
    expect(scale.min).toBeLessThan(10);
    expect(scale.max).toBeGreaterThan(30);
    expect(scale.ticks).toEqual([10, 15, 20, 25, 30]);
    expect(place(20, scale)).toBeCloseTo(0.5);
  });

  test('a log axis is even in factors', () => {
    const scale = scaleOf([0.001, 0.1], true);
    expect(place(0.01, scale)).toBeCloseTo(0.5);
    expect(scale.ticks).toContain(0.01);
    expect(scale.ticks.every((tick) => tick >= scale.min && tick <= scale.max)).toBe(true);
  });

  test('zero has no place on a log axis', () => {
    expect(fits(0, true)).toBe(false);
    expect(fits(0, false)).toBe(true);
    expect(scaleOf([0, 10, 1000], true).min).toBeGreaterThan(0);
  });

  test.each([[[5]], [[0]], [[-3]]])('one value alone, %j, stands in the middle', (values) => {
    expect(place(values[0], scaleOf(values, false))).toBeCloseTo(0.5);
  });

  test('ticks read as people write them', () => {
    expect([0, 0.001, 1e-5, 20_000, 2.5].map(tickText)).toEqual(['0', '0.001', '1e-5', '20,000', '2.5']);
  });
});

test('metrics are shared by two runs at least', () => {
  const with_ = (...names: string[]) => ({
    metrics: Object.fromEntries(names.map((name) => [name, summary({})])),
  });
  expect(sharedMetrics([with_('loss', 'knn'), with_('loss'), with_('testAccuracy')])).toEqual(['loss']);
  expect(sharedMetrics([with_('loss', 'knn')])).toEqual(['loss', 'knn']);
});

test('ids from the address, once each', () => {
  expect(idsOf('a,b,,a')).toEqual(['a', 'b']);
  expect(idsOf(undefined)).toEqual([]);
});
