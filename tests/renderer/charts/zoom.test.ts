/** src/renderer/charts/zoom.ts */
import { expect, test } from 'vitest';
import { panned, zoomed } from '../../../src/renderer/charts/zoom';

const whole = { from: 0, to: 100 };

test('panning keeps the width and stops at the ends', () => {
  expect(panned({ from: 20, to: 40 }, whole, 0.5)).toEqual({ from: 30, to: 50 });
  expect(panned({ from: 70, to: 90 }, whole, 1)).toEqual({ from: 80, to: 100 });
  expect(panned({ from: 5, to: 25 }, whole, -1)).toEqual({ from: 0, to: 20 });
});

test('zooming keeps a place where it is, and ends at all', () => {
  expect(zoomed({ from: 0, to: 100 }, whole, 0.5, 50)).toEqual({ from: 25, to: 75 });
  expect(zoomed({ from: 20, to: 40 }, whole, 0.5, 20)).toEqual({ from: 20, to: 30 });
  expect(zoomed({ from: 20, to: 40 }, whole, 2, 40)).toEqual({ from: 0, to: 40 });
  expect(zoomed({ from: 25, to: 75 }, whole, 3, 50)).toBeNull();
});
