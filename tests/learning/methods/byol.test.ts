import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { byol } from '../../../src/learning/methods/byol';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('byol');

describe('byol', () => {
  const encoder = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 16);
  const build = (options: unknown) =>
    byol.build({ options: byol.options.parse(options), encoder, classes: null, batchSize: 4, images: 100 });

  it('moves the target’s momentum along half a cosine', () => {
    const { momentum } = build({ momentum: [0.9, 1] }).teacher!;
    const at = (step: number) => momentum({ step, totalSteps: 100, stepsPerEpoch: 10 });
    expect(at(0)).toBeCloseTo(0.9, 12);
    expect(at(50)).toBeCloseTo(0.95, 12);
    expect(at(100)).toBeCloseTo(1, 12);
  });

  it('names the layers where there is none of that name', () => {
    expect(() => build({ layer: 'layer5' })).toThrow('The encoder has no layer "layer5"');
  });

  it('distorts its views differently', () => {
    const [first, second] = byol.views(byol.options.parse({ views: { blur: [1, 0.1] } }), 32);
    expect(first).toMatchObject({ solarize: 0, blur: { probability: 1 } });
    expect(second).toMatchObject({ solarize: 0.2, blur: { probability: 0.1 } });
  });
});
