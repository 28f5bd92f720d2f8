/** How points travel: src/shared/api/events.ts */
import { expect, test } from 'vitest';
import { curvesOf, groupCurves, type Points } from '../../src/shared/api/events';

const points = (name: string, steps: number[], delay = 0): Points => ({
  name,
  steps,
  epochs: steps.map((step) => step / 10),
  times: steps.map((step) => step * 100 + delay),
  values: steps.map((step) => (step === 2 ? null : step)),
});

test('curves of the same steps and times share them, and come back as they were', () => {
  const curves = [points('loss', [1, 2]), points('knn', [2]), points('gradNorm', [1, 2])];
  const groups = groupCurves(curves);
  expect(groups.map(({ names }) => names)).toEqual([['loss', 'gradNorm'], ['knn']]);
  const byName = (a: Points, b: Points) => a.name.localeCompare(b.name);
  expect(curvesOf(groups).sort(byName)).toEqual(curves.sort(byName));
});

test('the same steps at other times stay apart', () => {
  expect(groupCurves([points('loss', [1, 2]), points('late', [1, 2], 5)])).toHaveLength(2);
});
