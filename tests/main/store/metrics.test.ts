import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore, type Store } from '../../../src/main/store/store';
import { betterDirection } from '../../../src/shared/metric-direction';
import type { MetricPoint } from '../../../src/shared/protocol';
import { fakeConfig } from '../helpers';

function storeWithRun(): { store: Store; run: string } {
  const store = openStore(':memory:', 'own');
  onTestFinished(() => store.close());
  return { store, run: store.runs.create(fakeConfig()).id };
}

const points = (values: number[], name = 'loss', firstStep = 1): MetricPoint[] =>
  values.map((value, i) => ({
    name,
    step: firstStep + i,
    epoch: (firstStep + i) / 10,
    time: 1000 + i,
    value,
  }));

describe('metric summaries', () => {
  it('keep last, min, max and best without reading the points', () => {
    const { store, run } = storeWithRun();
    store.metrics.insert(run, points([3, 1, 2]));
    store.metrics.insert(run, points([0.1, 0.4, 0.3], 'knn'));
    const [knn, loss] = store.metrics.summaries(run);
    expect(loss).toMatchObject({
      points: 3,
      last: 2,
      lastStep: 3,
      min: 1,
      minStep: 2,
      max: 3,
      best: 1,
      bestStep: 2,
    });
    expect(knn).toMatchObject({ last: 0.3, best: 0.4, bestStep: 2 });
    expect(store.metrics.summariesByRun('knn').get(run)).toEqual(knn);
  });

  it('keep NaN and infinities as values', () => {
    const { store, run } = storeWithRun();
    store.metrics.insert(run, points([1, Infinity, NaN]));
    expect(store.metrics.summaries(run)[0]).toMatchObject({ last: NaN, min: 1, max: Infinity, points: 3 });
    expect(store.metrics.points(run, 'loss', 0, 10).map((point) => point.value)).toEqual([1, Infinity, NaN]);
  });

  it('follow a point that is replaced', () => {
    const { store, run } = storeWithRun();
    store.metrics.insert(run, points([3, 1, 2]));
    store.metrics.insert(run, points([5], 'loss', 2));
    expect(store.metrics.summaries(run)[0]).toMatchObject({ points: 3, min: 2, minStep: 3, max: 5, last: 2 });
  });

  it.each([
    ['loss', 'lower'],
    ['knn', 'higher'],
    ['accuracy', 'higher'],
    ['learningRate', undefined],
  ] as const)('know which end of %s is good', (name, direction) => {
    expect(betterDirection(name)).toBe(direction);
  });
});

describe('truncateAfter', () => {
  it('deletes later points, so that a continued curve is monotone in steps', () => {
    const { store, run } = storeWithRun();
    store.metrics.insert(run, points([5, 4, 3, 2, 1]));
    store.metrics.insert(run, points([0.5], 'knn', 4));
    store.metrics.truncateAfter(run, 3);
    expect(store.metrics.summaries(run)).toMatchObject([
      { name: 'loss', points: 3, lastStep: 3, last: 3, min: 3 },
    ]);
    store.metrics.insert(run, points([9, 8], 'loss', 4));
    expect(store.metrics.points(run, 'loss', 0, 100).map((point) => point.step)).toEqual([1, 2, 3, 4, 5]);
  });
});

it('points come in pages, in order', () => {
  const { store, run } = storeWithRun();
  store.metrics.insert(run, points([5, 4, NaN]));
  expect(store.metrics.points(run, 'loss', 1, 1)).toEqual([{ step: 2, epoch: 0.2, time: 1001, value: 4 }]);
  expect(store.metrics.points(run, 'loss', 2, 9)).toMatchObject([{ step: 3, value: NaN }]);
  expect(store.metrics.points(run, 'none', 0, 9)).toEqual([]);
});

it('points are inserted at a few microseconds each', () => {
  const { store, run } = storeWithRun();
  const batches = Array.from({ length: 200 }, (_, batch) =>
    ['a', 'b', 'c', 'd', 'e'].flatMap((name) =>
      points(Array.from({ length: 20 }, Math.random), name, 1 + batch * 20),
    ),
  );
  const start = process.cpuUsage();
  for (const batch of batches) store.metrics.insert(run, batch);
  expect(process.cpuUsage(start).user / 20_000).toBeLessThan(50);
});
