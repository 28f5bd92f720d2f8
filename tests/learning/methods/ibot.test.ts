import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { ibot } from '../../../src/learning/methods/ibot';
import { random } from '../../../src/shared/random';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('ibot');

describe('ibot', () => {
  const vit = createEncoder({ kind: 'vit', size: 'tiny', patch: 4, depth: 1, pool: 'class' }, 32);
  const resnet = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 32);
  const build = (options: unknown, encoder = vit) =>
    ibot.build({ options: ibot.options.parse(options), encoder, classes: null, batchSize: 4, images: 1000 });

  it('needs patches', () => {
    expect(() => build({}, resnet)).toThrow('iBOT hides patches');
  });

  it('hides blocks of a drawn share in about the given part of the crops', () => {
    const { draw, shape } = build({ mask: { probability: 0.5, share: [0.1, 0.5] } }).draws!.mask0;
    expect(shape).toEqual([64]);
    const shares = Array.from({ length: 400 }, (_, image) => {
      const mask = Array.from(draw(random(0, 'method', 0, image, 0)));
      return mask.reduce((sum, x) => sum + x, 0) / 64;
    });
    const hiding = shares.filter((share) => share > 0);
    expect(hiding.length / 400).toBeCloseTo(0.5, 1);
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.5);
    expect(hiding.reduce((sum, share) => sum + share) / hiding.length).toBeCloseTo(0.28, 1);
  });

  it('is at chance ln K for class tokens and for the patches of the crops that hide some', () => {
    const { chanceLoss } = build({ prototypes: 100, patchWeight: 2, mask: { probability: 0.25 } });
    expect(chanceLoss).toBeCloseTo(1.5 * Math.log(100), 12);
  });
});
