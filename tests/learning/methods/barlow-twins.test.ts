import { describe, expect, it } from 'vitest';
import { crossCorrelation } from '../../../src/learning/methods/barlow-twins';
import { expectClose } from '../close';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('barlow-twins');

describe('crossCorrelation', () => {
  const apart = [1, 1, 1, -1, -1, 1, -1, -1];
  const found = (a: number[], b: number[]) =>
    evaluate({ a: host([4, 2], a), b: host([4, 2], b) }, ({ a, b }) => ({ ...crossCorrelation(a, b) }));

  it('is nothing for equal views whose numbers do not correlate, at any scale', async () => {
    const { invariance, redundancy } = await found(
      apart,
      apart.map((x) => 7 * x + 3),
    );
    expect(invariance[0]).toBeCloseTo(0, 6);
    expect(redundancy[0]).toBeCloseTo(0, 6);
  });

  it('counts numbers that say the same as each other', async () => {
    const twice = [1, 1, 1, 1, -1, -1, -1, -1];
    const { invariance, redundancy } = await found(twice, twice);
    expect(invariance[0]).toBeCloseTo(0, 6);
    expectClose(redundancy, [2], 1e-4);
  });

  it('counts views that disagree', async () => {
    const { invariance } = await found(
      apart,
      apart.map((x) => -x),
    );
    expectClose(invariance, [8], 1e-4);
  });
});
