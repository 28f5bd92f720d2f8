/** src/renderer/charts/merge-curves.ts */
import { describe, expect, test } from 'vitest';
import { emptyCurve, GrowingCurve, spliceCurve } from '../../../src/renderer/charts/merge-curves';
import type { Curve } from '../../../src/shared/api/files';

const points = (from: number, to: number, value: (step: number) => number | null = (step) => step) => {
  const steps = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return {
    name: 'loss',
    steps,
    epochs: steps.map((step) => step / 10),
    times: steps.map((step) => step * 100),
    values: steps.map(value),
  };
};

function curveOf(steps: number[], value = (step: number) => step): Curve {
  const growing = new GrowingCurve(emptyCurve(), 100_000);
  growing.append({
    name: 'loss',
    steps,
    epochs: steps.map((step) => step / 10),
    times: steps.map((step) => step * 100),
    values: steps.map(value),
  });
  return growing.curve;
}

describe('GrowingCurve', () => {
  test('appends points with all their columns', () => {
    const growing = new GrowingCurve(emptyCurve());
    growing.append(points(1, 3));
    expect([...growing.curve.step]).toEqual([1, 2, 3]);
    expect([...growing.curve.epoch]).toEqual([0.1, 0.2, 0.3]);
    expect([...growing.curve.time]).toEqual([100, 200, 300]);
    for (const column of ['min', 'max', 'mean', 'last'] as const)
      expect([...growing.curve[column]]).toEqual([1, 2, 3]);
  });

  test('points that are known already are passed over, and the object stays the same', () => {
    const growing = new GrowingCurve(curveOf([1, 2, 3]));
    const before = growing.curve;
    growing.append(points(2, 3, () => 99));
    expect(growing.curve).toBe(before);
    growing.append(points(2, 4, () => 99));
    expect([...growing.curve.mean]).toEqual([1, 2, 3, 99]);
  });

  test('null is a gap', () => {
    const growing = new GrowingCurve(emptyCurve());
    growing.append(points(1, 2, (step) => (step === 1 ? null : 5)));
    expect([...growing.curve.mean]).toEqual([NaN, 5]);
  });

  test('stays bounded, keeps extremes and means, and ends at the newest point', () => {
    const growing = new GrowingCurve(emptyCurve(), 10);
    for (let step = 1; step <= 10_000; step += 50) {
      growing.append(points(step, step + 49, (at) => (at === 5000 ? 1e6 : at % 2)));
      expect(growing.curve.step.length).toBeLessThanOrEqual(20);
    }
    const { step, min, max, mean, last } = growing.curve;
    expect(step.at(-1)).toBe(10_000);
    expect(last.at(-1)).toBe(0);
    expect(Math.max(...max)).toBe(1e6);
    expect(Math.min(...min)).toBe(0);
    expect(mean[1]).toBeCloseTo(0.5, 1);
    expect([...step]).toEqual([...step].sort((a, b) => a - b));
  });

  test('NaN among the points of one part hides no number', () => {
    const growing = new GrowingCurve(curveOf([0, 1_000_000]), 10);
    growing.append(points(1_000_001, 1_000_003, (at) => (at === 1_000_002 ? 7 : null)));
    expect(growing.curve.mean.at(-1)).toBe(7);
    expect(growing.curve.last.at(-1)).toBeNaN();
  });

  test('a view that was handed out keeps what it shows while the curve is halved', () => {
    const growing = new GrowingCurve(emptyCurve(), 4);
    growing.append(points(1, 8));
    const before = growing.curve;
    growing.append(points(9, 9));
    expect([...before.step]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...growing.curve.step]).toEqual([2, 4, 6, 8, 9]);
    expect([...growing.curve.mean]).toEqual([1.5, 3.5, 5.5, 7.5, 9]);
  });

  test('truncate forgets what came after, and the run goes on from there', () => {
    const growing = new GrowingCurve(curveOf([1, 2, 3, 4]));
    growing.truncate(2);
    expect([...growing.curve.step]).toEqual([1, 2]);
    growing.append(points(3, 3, () => 30));
    expect([...growing.curve.mean]).toEqual([1, 2, 30]);
  });
});

test('a fine piece takes the place of the coarse parts it covers', () => {
  const coarse = curveOf([10, 20, 30, 40, 50]);
  const fine = curveOf([18, 22, 26, 30], () => 1);
  const { step, mean } = spliceCurve(coarse, fine);
  expect([...step]).toEqual([10, 18, 22, 26, 30, 40, 50]);
  expect([...mean]).toEqual([10, 1, 1, 1, 1, 40, 50]);
  expect(spliceCurve(coarse, emptyCurve())).toBe(coarse);
});
