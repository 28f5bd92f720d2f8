/** src/renderer/pages/new-run/costs.ts */
import { expect, test } from 'vitest';
import { memoryShare, shortCount, trainTitle } from '../../../src/renderer/pages/new-run/costs';

test.each([
  [0, '0'],
  [999, '999'],
  [712_384, '712 k'],
  [70_500, '70.5 k'],
  [999_700, '1.0 M'],
  [11_200_000, '11.2 M'],
  [86_000_000, '86.0 M'],
  [1_500_000_000, '1.5 G'],
])('%d parameters are %s', (value, text) => {
  expect(shortCount(value)).toBe(text);
});

test('memory against the machine', () => {
  expect(memoryShare(2e9, 8e9)).toBe(0.25);
});

test('the button says when others come before', () => {
  expect(trainTitle(0)).toBe('Train');
  expect(trainTitle(2)).toBe('Add to queue (2 before it)');
});
