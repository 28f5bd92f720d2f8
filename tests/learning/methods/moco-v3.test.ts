import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { contrast, mocoV3 } from '../../../src/learning/methods/moco-v3';
import { expectClose } from '../close';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('moco-v3');

describe('moco v3', () => {
  const encoder = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 8);
  const build = (batchSize: number) =>
    mocoV3.build({
      options: mocoV3.options.parse({ temperature: 0.5, momentum: [0.9, 1] }),
      encoder,
      classes: null,
      batchSize,
      images: 8,
    });

  it('is at chance where all keys are the same', async () => {
    const [q, k] = [host([4, 2], [1, 0, 0, 1, 1, 1, -1, 0]), host([4, 2], Array<number>(8).fill(1))];
    const { loss } = await evaluate({ q, k }, ({ q, k }) => ({ loss: contrast(q, k, 0.5).loss }));
    expectClose(loss, [Math.log(4)]);
    expect(build(4).chanceLoss).toBeCloseTo(2 * Math.log(4), 12);
  });

  it('moves the momentum of the keys along half a cosine', () => {
    const { momentum } = build(4).teacher!;
    expect(momentum({ step: 50, totalSteps: 100, stepsPerEpoch: 10 })).toBeCloseTo(0.95, 12);
  });

  it('refuses a batch of one image', () => {
    expect(() => build(1)).toThrow('batchSize is 1');
  });
});
