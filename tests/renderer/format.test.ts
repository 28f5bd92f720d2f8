/** src/renderer/lib/format.ts */
import { describe, expect, test } from 'vitest';
import { ago, count, duration, epochs, percent, significant } from '../../src/renderer/lib/format';

test('numbers are rounded to what they mean', () => {
  expect(percent(0.6132847)).toBe('61.3');
  expect(percent(1)).toBe('100.0');
  expect(epochs(7)).toBe('7');
  expect(epochs(7.25)).toBe('7.3');
  expect(count(50_000)).toBe('50,000');
});

test.each([
  [4.9136, '4.91'],
  [0.03121, '0.0312'],
  [0.000012, '1.20e-5'],
  [0, '0'],
  [-2.5, '-2.50'],
  [12_345, '12345'],
])('significant(%d) is %s', (value, text) => {
  expect(significant(value)).toBe(text);
});

test.each([
  [400, '0 s'],
  [59_000, '59 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [349_200_000, '4 d 1 h'],
  [-5, '0 s'],
])('duration(%d ms) is %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

describe('ago', () => {
  const now = new Date(2026, 10, 22, 15, 30).getTime();
  const minutes = (n: number) => now - n * 60_000;

  test.each([
    [minutes(0.5), 'just now'],
    [minutes(12), '12 min ago'],
    [new Date(2026, 10, 22, 0, 5).getTime(), 'today 00:05'],
    [new Date(2026, 10, 21, 14, 5).getTime(), 'yesterday 14:05'],
    [new Date(2026, 10, 3, 9, 0).getTime(), '3 Nov 2026'],
  ])('%d is %s', (time, text) => {
    expect(ago(time, now)).toBe(text);
  });
});
