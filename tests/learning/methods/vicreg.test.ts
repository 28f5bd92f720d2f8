import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { regularize, vicreg } from '../../../src/learning/methods/vicreg';
import { expectClose } from '../close';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('vicreg');

describe('regularize', () => {
  it('asks for a deviation of 1, and no more', async () => {
    const spread = (scale: number) =>
      evaluate({ z: host([3, 1], [-scale, 0, scale]) }, ({ z }) => ({ ...regularize(z) }));
    expectClose((await spread(0)).variance, [0.99], 1e-5);
    expectClose((await spread(0.5)).variance, [1 - Math.sqrt(0.2501)], 1e-5);
    expectClose((await spread(3)).variance, [0]);
  });

  it('counts each pair of numbers that vary together twice', async () => {
    const z = host([3, 2], [-1, -2, 0, 0, 1, 2]);
    const { covariance } = await evaluate({ z }, ({ z }) => ({ ...regularize(z) }));
    expectClose(covariance, [(2 * 2 * 2) / 2], 1e-5);
  });
});

describe('vicreg', () => {
  it('refuses a batch of one image', () => {
    const encoder = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 8);
    const options = vicreg.options.parse({});
    expect(() => vicreg.build({ options, encoder, classes: null, batchSize: 1, images: 8 })).toThrow(
      'batchSize is 1',
    );
  });
});
