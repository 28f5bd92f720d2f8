/** src/renderer/charts/log-range.ts */
import { expect, test } from 'vitest';
import {
  extentOf,
  linearRange,
  linearTicks,
  logRange,
  logTicks,
  nearReferences,
} from '../../../src/renderer/charts/log-range';

test('the extent is of numbers only, and of positive ones where asked', () => {
  const values = Float64Array.of(9, NaN, -2, 0, 3, Infinity, 50);
  expect(extentOf(values, 0, 7, false)).toEqual({ min: -2, max: 50 });
  expect(extentOf(values, 1, 6, true)).toEqual({ min: 3, max: 3 });
  expect(extentOf(values, 1, 2, false)).toBeNull();
});

test('a linear axis leaves room, begins at zero rather than below, and never has no height', () => {
  expect(linearRange({ min: 4, max: 6 })).toEqual({ min: 3.88, max: 6.12 });
  expect(linearRange({ min: 0.01, max: 10 }).min).toBe(0);
  expect(linearRange({ min: -1, max: 10 }).min).toBeLessThan(-1);
  const flat = linearRange({ min: 0.1, max: 0.1 });
  expect(flat.max).toBeGreaterThan(flat.min);
  expect(linearRange({ min: 0, max: 0 })).toEqual({ min: 0, max: 1 });
});

test('a logarithmic axis stays positive and never has no height', () => {
  const range = logRange({ min: 1e-4, max: 10 });
  expect(range.min).toBeGreaterThan(0);
  expect(range.min).toBeLessThan(1e-4);
  expect(range.max).toBeGreaterThan(10);
  const flat = logRange({ min: 2, max: 2 });
  expect(flat.max).toBeGreaterThan(flat.min);
});

test('ticks are round', () => {
  expect(linearTicks({ min: 3.88, max: 6.12 }, 5, 'number').labels).toEqual(['4', '4.5', '5', '5.5', '6']);
  expect(linearTicks({ min: 0.38, max: 0.64 }, 5, 'percent').labels).toEqual(['40 %', '50 %', '60 %']);
  expect(linearTicks({ min: 0, max: 4e-4 }, 4, 'number').labels).toEqual([
    '0',
    '1e-4',
    '2e-4',
    '3e-4',
    '4e-4',
  ]);
  expect(linearTicks({ min: 1, max: 1 }, 4, 'number').at).toEqual([]);
});

test('logarithmic ticks: decades, 1-2-5, or as on a linear axis', () => {
  expect(logTicks({ min: 5e-5, max: 20 }, 7, 'number').labels).toEqual([
    '1e-4',
    '0.001',
    '0.01',
    '0.1',
    '1',
    '10',
  ]);
  expect(logTicks({ min: 0.9, max: 12 }, 5, 'number').at).toEqual([1, 2, 5, 10]);
  expect(logTicks({ min: 4.1, max: 5.2 }, 5, 'number').at).toEqual([4.5, 5]);
  expect(logTicks({ min: 1e-12, max: 1e12 }, 5, 'number').at.length).toBeLessThanOrEqual(6);
});

test('the axis is stretched for references that are near, the nearest first, and not for those far away', () => {
  const extent = { min: 4, max: 5 };
  expect(nearReferences([5.5, 3.5, 0], extent, false)).toEqual([5.5, 3.5]);
  expect(nearReferences([7.5, 6.5, 4.5], extent, false)).toEqual([4.5, 6.5]);
  expect(nearReferences([0, 9], { min: 5, max: 5 }, false)).toEqual([0, 9]);
  expect(nearReferences([1, 0.001, 0, -1], { min: 0.01, max: 0.1 }, true)).toEqual([1, 0.001]);
});
