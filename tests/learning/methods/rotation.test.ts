import { describe, expect, it } from 'vitest';
import { allTurns } from '../../../src/learning/methods/rotations';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('rotation');

describe('allTurns', () => {
  it('turns counter-clockwise', async () => {
    const { turns } = await evaluate({ x: host([1, 2, 2, 1], [1, 2, 3, 4]) }, ({ x }) => ({
      turns: allTurns(x),
    }));
    expect(turns).toEqual([1, 2, 3, 4, 2, 4, 1, 3, 4, 3, 2, 1, 3, 1, 4, 2]);
  });
});
