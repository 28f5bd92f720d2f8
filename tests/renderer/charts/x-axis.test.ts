/** src/renderer/charts/x-axis.ts */
import { describe, expect, test } from 'vitest';
import { emptyCurve } from '../../../src/renderer/charts/merge-curves';
import { stepsOf, translateSpan, xTicks, xValues } from '../../../src/renderer/charts/x-axis';

const minute = 60_000;
const curve = {
  ...emptyCurve(),
  step: Float64Array.of(100, 200, 300),
  epoch: Float64Array.of(1, 2, 3),
  time: Float64Array.of(1000 + minute, 1000 + 2 * minute, 1000 + 10 * minute),
};

describe('xValues', () => {
  test('steps and epochs are the arrays of the curve itself', () => {
    expect(xValues({ curve }, 'step')).toBe(curve.step);
    expect(xValues({ curve }, 'epoch')).toBe(curve.epoch);
  });

  test('time begins with the run, or with the first point', () => {
    expect([...xValues({ curve, start: 1000 }, 'time')]).toEqual([minute, 2 * minute, 10 * minute]);
    expect([...xValues({ curve }, 'time')]).toEqual([0, minute, 9 * minute]);
  });

  test('time without training takes no room', () => {
    const breaks = [{ from: 1000 + 3 * minute, to: 1000 + 8 * minute }];
    expect([...xValues({ curve, start: 1000, breaks }, 'time')]).toEqual([minute, 2 * minute, 5 * minute]);
  });

  test('a clock that was set back does not turn the line around', () => {
    const time = Float64Array.of(5000, 3000, 6000);
    expect([...xValues({ curve: { ...curve, time }, start: 0 }, 'time')]).toEqual([5000, 5000, 6000]);
  });
});

test('a range moves along to another axis', () => {
  expect(translateSpan({ curve }, { from: 190, to: 320 }, 'step', 'epoch')).toEqual({ from: 2, to: 3 });
  expect(translateSpan({ curve }, { from: 1, to: 2 }, 'epoch', 'time')).toEqual({ from: 0, to: minute });
  expect(translateSpan({ curve: emptyCurve() }, { from: 1, to: 2 }, 'epoch', 'time')).toBeNull();
  expect(stepsOf(curve, curve.epoch, { from: 1.2, to: 2.9 })).toEqual({ from: 100, to: 300 });
});

describe('xTicks', () => {
  test.each([
    ['step', 0, 4700, 5, ['0', '1,000', '2,000', '3,000', '4,000']],
    ['step', 0, 3, 10, ['0', '1', '2', '3']],
    ['step', 0, 1_000_000, 4, ['0', '0.5M', '1M']],
    ['epoch', 0, 2, 4, ['0', '0.5', '1', '1.5', '2']],
    ['time', 0, 95_000, 5, ['0', '30 s', '60 s', '90 s']],
    ['time', 0, 40 * minute, 5, ['0', '10 min', '20 min', '30 min', '40 min']],
    ['time', 10 * minute, 11.2 * minute, 3, ['10:00 min', '10:30 min', '11:00 min']],
    ['time', 0, 7 * 60 * minute, 4, ['0', '2 h', '4 h', '6 h']],
    ['time', 0, 72 * 60 * minute, 6, ['0', '12 h', '1 d', '1 d 12 h', '2 d', '2 d 12 h', '3 d']],
  ] as const)('%s from %d to %d in %d', (axis, min, max, most, labels) => {
    const ticks = xTicks(axis, min, max, most);
    expect(ticks.labels).toEqual(labels);
    expect(ticks.at).toHaveLength(labels.length);
  });

  test('no width, no ticks', () => {
    expect(xTicks('step', 5, 5, 4)).toEqual({ at: [], labels: [] });
  });
});
