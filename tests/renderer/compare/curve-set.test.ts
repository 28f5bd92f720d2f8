/** src/renderer/pages/compare/curve-set.ts */
import { expect, test } from 'vitest';
import { CurveSet } from '../../../src/renderer/pages/compare/curve-set';
import { CURVE_COLUMNS, type Curve } from '../../../src/shared/api/files';

function curve(steps: readonly number[]): Curve {
  return Object.fromEntries(CURVE_COLUMNS.map((name) => [name, Float64Array.from(steps)])) as Curve;
}
const steps = (shown: Curve) => [...shown.step];
const loss = { run: 'a', metric: 'loss' };

test('a curve grows with live points; a metric that is new begins', () => {
  const set = new CurveSet(100);
  set.set(loss, curve([1, 2]));
  set.append('a', { name: 'loss', steps: [2, 3], epochs: [0, 0], times: [2, 3], values: [9, 9] });
  set.append('a', { name: 'knn', steps: [3], epochs: [0], times: [3], values: [0.5] });
  expect(steps(set.of('a')['loss'])).toEqual([1, 2, 3]);
  expect(steps(set.of('a')['knn'])).toEqual([3]);
});

test('finer parts take the place of coarse ones until they are forgotten', () => {
  const set = new CurveSet(4);
  set.set(loss, curve([10, 20, 30, 40]));
  set.setFine(loss, curve([18, 19, 20, 21]));
  expect(steps(set.of('a')['loss'])).toEqual([10, 18, 19, 20, 21, 30, 40]);
  set.forgetFine();
  expect(steps(set.of('a')['loss'])).toEqual([10, 20, 30, 40]);
});

test('only curves that fill their parts may have more to show', () => {
  const set = new CurveSet(10);
  set.set(loss, curve([1, 2, 3]));
  set.set({ run: 'b', metric: 'loss' }, curve([1, 2, 3, 4, 5, 6]));
  expect(set.coarse()).toEqual([{ run: 'b', metric: 'loss' }]);
});

test('runs do not mix', () => {
  const set = new CurveSet(10);
  set.set(loss, curve([1]));
  expect(set.of('b')).toEqual({});
});
