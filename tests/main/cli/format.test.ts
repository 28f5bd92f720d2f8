import { describe, expect, it } from 'vitest';
import { bytes, decimal, duration, integer, percent, table } from '../../../src/main/cli/format';

describe('format', () => {
  it.each([
    [duration(59.4), '59 s'],
    [duration(75), '1 min 15 s'],
    [duration(3600), '1 h'],
    [duration(5400), '1 h 30 min'],
    [bytes(0), '0 B'],
    [bytes(12_345_678), '11.8 MiB'],
    [percent(0.4312), '43.1 %'],
    [integer(12345), '12,345'],
    [decimal(4.21349), '4.213'],
    [decimal(0.0001), '1.00e-4'],
    [decimal(NaN), 'NaN'],
  ])('writes %s', (text, expected) => expect(text).toBe(expected));

  it('pads columns', () => {
    expect(table(['a', 'bcd'], [['long', 'x']])).toBe('a     bcd\nlong  x');
  });
});
