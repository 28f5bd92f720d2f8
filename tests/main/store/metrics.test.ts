import { describe, expect, it, onTestFinished } from 'vitest';
import { betterDirection } from '../../../src/main/store/metrics';
import { openStore, type Store } from '../../../src/main/store/store';
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
    expect(store.metrics.buckets(run, 'loss', 10).map((bucket) => bucket.last)).toEqual([1, Infinity, NaN]);
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
    const steps = store.metrics.buckets(run, 'loss', 100).map((bucket) => bucket.lastStep);
    expect(steps).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('buckets', () => {
  it('give min, max, mean and last of equal parts, never more than asked for', () => {
    const { store, run } = storeWithRun();
    store.metrics.insert(run, points(Array.from({ length: 1000 }, (_, i) => i)));
    const buckets = store.metrics.buckets(run, 'loss', 10);
    expect(buckets).toHaveLength(10);
    expect(buckets[0]).toMatchObject({
      firstStep: 1,
      lastStep: 100,
      points: 100,
      min: 0,
      max: 99,
      mean: 49.5,
      last: 99,
    });
    expect(buckets[9]).toMatchObject({ lastStep: 1000, max: 999, last: 999, epoch: 100 });
  });

  it('cover a range of steps, both ends included', () => {
    const { store, run } = storeWithRun();
    store.metrics.insert(run, points([1, 2, 3, 4, 5, 6]));
    const buckets = store.metrics.buckets(run, 'loss', 100, { from: 2, to: 4 });
    expect(buckets.map((bucket) => bucket.mean)).toEqual([2, 3, 4]);
  });

  it('count NaN and leave it out of the mean', () => {
    const { store, run } = storeWithRun();
    store.metrics.insert(run, points([1, NaN, 3]));
    expect(store.metrics.buckets(run, 'loss', 1)).toMatchObject([
      { points: 3, nans: 1, mean: 2, min: 1, max: 3 },
    ]);
  });

  it('are empty for a metric or run that is not there', () => {
    const { store, run } = storeWithRun();
    expect(store.metrics.buckets(run, 'none', 10)).toEqual([]);
    expect(store.metrics.buckets('none', 'loss', 10)).toEqual([]);
  });

  it('read 100,000 points in well under a second', () => {
    const { store, run } = storeWithRun();
    for (let first = 1; first < 100_000; first += 1000) {
      store.metrics.insert(
        run,
        points(
          Array.from({ length: 1000 }, (_, i) => Math.sin(first + i)),
          'loss',
          first,
        ),
      );
    }
    const start = performance.now();
    expect(store.metrics.buckets(run, 'loss', 1000).length).toBe(1000);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
