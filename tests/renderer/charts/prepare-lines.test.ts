/** src/renderer/charts/prepare-lines.ts */
import { expect, test } from 'vitest';
import { emptyCurve } from '../../../src/renderer/charts/merge-curves';
import { prepareLines, wholeSpan } from '../../../src/renderer/charts/prepare-lines';

const series = {
  id: 'a',
  label: 'a',
  color: 'red',
  dash: [],
  curve: {
    ...emptyCurve(),
    step: Float64Array.of(1, 2, 3),
    epoch: Float64Array.of(0.1, 0.2, 0.3),
    mean: Float64Array.of(4, 2, 3),
  },
};

test('without smoothing nothing is copied', () => {
  const [line] = prepareLines([series], 'step', 0);
  expect(line.x).toBe(series.curve.step);
  expect(line.y).toBe(series.curve.mean);
  expect(line.raw).toBeNull();
});

test('smoothed once, then kept while nothing changes', () => {
  const [first] = prepareLines([series], 'epoch', 0.5);
  const [again] = prepareLines([{ ...series }], 'epoch', 0.5);
  expect(again.y).toBe(first.y);
  expect(first.raw).toBe(series.curve.mean);
  expect(prepareLines([series], 'epoch', 0.6)[0].y).not.toBe(first.y);
});

test('the whole is never without width', () => {
  expect(wholeSpan([])).toEqual({ from: 0, to: 1 });
  expect(wholeSpan([{ x: Float64Array.of(5) }])).toEqual({ from: 4.5, to: 5.5 });
  expect(
    wholeSpan([{ x: Float64Array.of(5, 9) }, { x: Float64Array.of(2) }, { x: new Float64Array(0) }]),
  ).toEqual({ from: 2, to: 9 });
});
