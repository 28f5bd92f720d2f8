/** src/renderer/pages/runs/baseline.ts */
import { expect, test } from 'vitest';
import { differenceTo } from '../../../src/renderer/pages/runs/baseline';

test.each([
  ['knn', 0.634, 0.613, { text: '+2.1', verdict: 'better' }],
  ['knn', 0.6, 0.613, { text: '−1.3', verdict: 'worse' }],
  ['loss', 4.5, 4.84, { text: '−0.340', verdict: 'better' }],
  ['loss', 5, 4.84, { text: '+0.160', verdict: 'worse' }],
  ['learningRate', 0.2, 0.1, { text: '+0.100', verdict: 'neither' }],
  ['knn', 0.61301, 0.613, { text: '±0', verdict: 'neither' }],
])('%s %d against %d', (metric, value, baseline, expected) => {
  expect(differenceTo(metric, value, baseline, true)).toEqual(expected);
});

test('losses that do not compare are neither better nor worse', () => {
  expect(differenceTo('loss', 0.7, 4.4, false)).toEqual({ text: '−3.70', verdict: 'neither' });
});

test('no value, no difference', () => {
  expect(differenceTo('loss', null, 1, true)).toBeNull();
  expect(differenceTo('loss', 1, null, true)).toBeNull();
});
