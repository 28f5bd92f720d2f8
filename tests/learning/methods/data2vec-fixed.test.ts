import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { data2vecFixed } from '../../../src/learning/methods/data2vec-fixed';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('data2vec-fixed');

describe('data2vec-fixed', () => {
  const options = (given: unknown) => data2vecFixed.options.parse(given);

  it('hides a square of the first view only, of the same whole image', () => {
    const [masked, original] = data2vecFixed.views(options({ square: 12 }), 32);
    expect(masked.squareMask).toBe(12);
    expect({ ...masked, squareMask: 0, name: original.name }).toEqual(original);
    expect(original).toMatchObject({ crop: null, flip: 0, squareMask: 0 });
  });

  it('refuses a square larger than the image, and layers that are not there', () => {
    expect(() => data2vecFixed.views(options({ square: 33 }), 32)).toThrow('options.square is 33 px');
    const encoder = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 16);
    const context = { encoder, classes: null, batchSize: 2, images: 10 };
    expect(() => data2vecFixed.build({ ...context, options: options({ layers: ['layer9'] }) })).toThrow(
      'options.layers names "layer9"',
    );
  });
});
