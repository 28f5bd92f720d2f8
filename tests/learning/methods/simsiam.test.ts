import { describe, expect, it } from 'vitest';
import { valueAndGradients } from '../../../src/engine';
import { distance, simsiam } from '../../../src/learning/methods/simsiam';
import { expectClose } from '../close';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('simsiam');

describe('simsiam', () => {
  it('gives what is predicted no gradient', async () => {
    const inputs = { p: host([1, 2], [1, 2]), z: host([1, 2], [3, -1]) };
    const { p, z } = await evaluate(inputs, ({ p, z }) => {
      const { gradients } = valueAndGradients({ p, z }, () => ({ loss: distance(p, z), aux: {} }));
      return gradients;
    });
    expect(Math.max(...p.map(Math.abs))).toBeGreaterThan(0.1);
    expectClose(z, [0, 0]);
  });

  it('is -1 where prediction and view point the same way', async () => {
    const found = await evaluate({ x: host([2, 2], [1, 0, 3, 4]) }, ({ x }) => ({ loss: distance(x, x) }));
    expectClose(found.loss, [-1]);
  });

  it('distorts both views alike', () => {
    const [first, second] = simsiam.views(simsiam.options.parse({ views: { blur: [0.5, 0.5] } }), 32);
    expect(second).toEqual(first);
    expect(first).toMatchObject({ solarize: 0, jitter: { saturation: 0.4 } });
  });
});
