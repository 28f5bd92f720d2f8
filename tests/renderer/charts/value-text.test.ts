/** src/renderer/charts/value-text.ts */
import { expect, test } from 'vitest';
import { describeChart, valueText, xText } from '../../../src/renderer/charts/value-text';

test('values and places as a person reads them', () => {
  expect(valueText(0.6132, 'percent')).toBe('61.3 %');
  expect(valueText(4.9136, 'number')).toBe('4.91');
  expect(valueText(NaN, 'number')).toBe('not a number');
  expect(xText(1200, 'step')).toBe('step 1,200');
  expect(xText(3.256, 'epoch')).toBe('epoch 3.26');
  expect(xText(200_000, 'time')).toBe('3 min 20 s');
});

test('a chart is told in words, with the last value of each curve', () => {
  const x = Float64Array.of(1, 2, 3);
  expect(
    describeChart('Loss', 'number', 'step', [
      { label: 'a', x, y: Float64Array.of(5, 4, NaN) },
      { label: 'b', x, y: Float64Array.of(NaN, NaN, NaN) },
    ]),
  ).toBe('Loss by step. a is 4.00 at step 2; b has no values yet.');
  expect(describeChart('Loss', 'number', 'epoch', [])).toBe('Loss by epoch. Nothing to show yet.');
});
