/** src/renderer/form/numbers.ts */
import { describe, expect, test } from 'vitest';
import {
  formatNumber,
  formatNumbers,
  nudge,
  parseNumber,
  parseNumbers,
} from '../../../src/renderer/form/numbers';

test.each([
  ['0.002', 0.002],
  ['.5', 0.5],
  ['5.', 5],
  ['2e-3', 0.002],
  ['2E-3', 0.002],
  ['1.5e+3', 1500],
  [' 12 ', 12],
  ['-3', -3],
  ['−3', -3],
  ['50,000', 50_000],
  ['1,234,567.5', 1_234_567.5],
  ['50 000', 50_000],
  ['50\u202f000', 50_000],
  ['1_000', 1000],
  ['0,5', 0.5],
  ['0,001', 0.001],
  ['12,5', 12.5],
])('%j is %d', (text, value) => {
  expect(parseNumber(text)).toBe(value);
});

test.each(['', ' ', 'abc', '1 2', '1,2,3', '--1', '1e', '0x10', 'Infinity', 'NaN', '1e999', '12px'])(
  '%j is no number',
  (text) => {
    expect(parseNumber(text)).toBeUndefined();
  },
);

test.each([
  [0.002, '0.002'],
  [1e-5, '1e-5'],
  [0.0005, '5e-4'],
  [128, '128'],
  [9999, '9999'],
  [50_000, '50,000'],
  [0, '0'],
  [-0.5, '-0.5'],
  [0.1 + 0.2, '0.30000000000000004'],
  [1e21, '1e+21'],
])('%d is shown as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test('what is shown reads back as the same number', () => {
  for (const value of [3e-8, 1 / 3, 65_536, 0.000123, 1e15, 9_007_199_254_740_991, 2.5e-12, 123_456.789])
    expect(parseNumber(formatNumber(value))).toBe(value);
});

test('lists are parted by commas, spaces and semicolons', () => {
  expect(parseNumbers('60, 80 120;150')).toEqual([60, 80, 120, 150]);
  expect(parseNumbers('')).toEqual([]);
  expect(parseNumbers('60, x')).toBeUndefined();
  expect(parseNumbers(formatNumbers([60, 12_000]))).toEqual([60, 12_000]);
});

describe('nudge', () => {
  const free = { integer: false, low: -Infinity, high: Infinity };

  test.each([
    [0.002, 0.0021],
    [0.9, 0.91],
    [2, 2.1],
    [0.3, 0.31],
  ])('%d up is %d', (value, next) => {
    expect(nudge(value, 1, free)).toBe(next);
  });

  test('whole numbers move by whole ones, larger ones by more', () => {
    const whole = { integer: true, low: 1, high: 1000 };
    expect(nudge(4, 1, whole)).toBe(5);
    expect(nudge(128, 1, whole)).toBe(138);
  });

  test('stays within the limits', () => {
    expect(nudge(1, -1, { integer: true, low: 1, high: 10 })).toBe(1);
    expect(nudge(1, 1, { integer: false, low: 0, high: 1 })).toBe(1);
    expect(nudge(0, 1, { integer: false, low: 0, high: 1 })).toBe(0.01);
  });
});
