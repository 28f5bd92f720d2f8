import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { quantizer } from '../../../src/learning/layers/quantizer';
import { vqvae } from '../../../src/learning/methods/vqvae';
import { initialize, Weights } from '../../../src/learning/module';
import { backboneSchema } from '../../../src/shared/run-config';
import { values } from '../../golden/formula';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';
import { picturesOf } from './pictures-of';

describeAgainstTorch('vqvae');

const context = { classes: null, batchSize: 2, images: 10 };
const options = vqvae.options.parse({ codes: 16, dimension: 4 });
const tiny = createEncoder(backboneSchema.parse({ kind: 'tokenizer', hidden: 8, residualHidden: 4 }), 16);

describe('vqvae', () => {
  it('refuses a backbone that is no tokenizer, and an image that does not shrink to a grid', () => {
    const resnet = createEncoder(backboneSchema.parse({ kind: 'resnet', width: 0.125 }), 16);
    expect(() => vqvae.build({ ...context, options, encoder: resnet })).toThrow('backbone.kind is "resnet"');
    expect(() => createEncoder(backboneSchema.parse({ kind: 'tokenizer' }), 18)).toThrow(
      '18 px / 4 is not whole',
    );
  });

  it('shows the image and what is painted from its ids', async () => {
    const image = host([2, 16, 16, 3], values('view0', 2 * 16 * 16 * 3));
    const { original, reconstruction } = await picturesOf(
      vqvae.build({ ...context, options, encoder: tiny }),
      [image],
    );
    expect(original).toEqual([...image.data]);
    expect(reconstruction).toHaveLength(original.length);
    expect(reconstruction.every(Number.isFinite)).toBe(true);
  });
});

describe('a fresh quantizer', () => {
  it('fills its codebook from the first batch, each code at another place', async () => {
    const { parameters, quantize } = quantizer(8, { codes: 16, dimension: 4 });
    const weights = initialize(parameters, 1);
    const x = host([8, 4, 4, 8], values('features', 8 * 16 * 8));
    const { size, sum } = await evaluate({ ...weights, x }, (tensors) => {
      const updates = {};
      quantize(new Weights(tensors, true, updates), tensors.x, { decay: 0.99, revive: 0.05 });
      const next = new Weights(updates, false);
      return { size: next.get('cluster_size'), sum: next.get('cluster_sum') };
    });
    const codes = Array.from({ length: 16 }, (_, i) => sum.slice(4 * i, 4 * i + 4).join());
    expect(new Set(codes).size).toBe(16);
    expect(Math.min(...size)).toBeGreaterThan(0);
  });
});
