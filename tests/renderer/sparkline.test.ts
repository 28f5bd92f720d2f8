/** src/renderer/lib/sparkline.ts */
import { expect, test } from 'vitest';
import { sparklinePath } from '../../src/renderer/lib/sparkline';

test('the highest value is at the top, the ends at the edges', () => {
  expect(sparklinePath([0, 2, 1], 10, 4)).toBe('M0.0 4.0L5.0 0.0L10.0 2.0');
});

test('a flat curve runs through the middle', () => {
  expect(sparklinePath([3, 3], 10, 4)).toBe('M0.0 2.0L10.0 2.0');
});

test('a missing value is a gap', () => {
  expect(sparklinePath([0, null, 1, 1], 9, 2)).toBe('M0.0 2.0M6.0 0.0L9.0 0.0');
});

test('fewer than two values draw nothing', () => {
  expect(sparklinePath([], 10, 4)).toBe('');
  expect(sparklinePath([1, null], 10, 4)).toBe('');
});
