import { describe, expect, it } from 'vitest';
import { frameOrder, ordersOf } from '../../../src/learning/methods/frame-order';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('frame-order');

describe('ordersOf', () => {
  it.each([
    [3, 6, 3],
    [4, 24, 12],
  ])('of %i frames are %i in %i classes, an order and its reversal in one', (frames, all, distinct) => {
    const { orders, classes, count } = ordersOf(frames);
    expect([orders.length, count]).toEqual([all, distinct]);
    for (const [i, order] of orders.entries()) {
      const reversed = orders.findIndex((other) => String(other) === String(order.toReversed()));
      const same = classes.flatMap((found, at) => (found === classes[i] ? [at] : []));
      expect(same.toSorted()).toEqual([i, reversed].toSorted());
    }
  });
});

describe('frameOrder', () => {
  it('takes frames of one sequence', () => {
    const options = frameOrder.options.parse({ frames: 3, stride: 2 });
    expect(frameOrder.sampling!(options)).toEqual({ kind: 'sequence', frames: 3, stride: 2 });
  });
});
