import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { colorization } from '../../../src/learning/methods/colorization';
import { Weights } from '../../../src/learning/module';
import { rgbMaps } from '../../../src/learning/rgb';
import { initialWeights } from '../../../src/learning/training/state';
import { dataSchema } from '../../../src/shared/run-config';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('colorization');

describe('the pictures of colorization', () => {
  it('are the grey image, colours at its lightness, and the image', async () => {
    const encoder = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 16);
    const options = colorization.options.parse({ decoder: 8 });
    const model = colorization.build({ options, encoder, classes: null, batchSize: 2, images: 9 });
    const state = initialWeights(model.parts, 1);
    const rgb = rgbMaps(dataSchema.parse({ path: 'none' }));
    const image = Float32Array.from({ length: 2 * 16 * 16 * 3 }, (_, i) => ((i * 7) % 50) / 100 + 0.25);
    const seen = await evaluate({ ...state, image: host([2, 16, 16, 3], image) }, ({ image, ...tensors }) => {
      const part = (name: string) => new Weights(tensors, false, {}, `${name}/`);
      const weights = { encoder: part('encoder'), decoder: part('decoder'), colors: part('colors') };
      const views = [rgb.fromRgb(image)];
      return model.pictures!({ weights, teacher: {}, views, rgb, draws: {}, scalars: {} });
    });
    expect(Object.keys(seen)).toEqual(['what it sees', 'what it tells', 'original']);
    seen.original.forEach((value, i) => expect(value).toBeCloseTo(image[i], 5));
    const grey = seen['what it sees'];
    for (let i = 0; i < grey.length; i += 3) expect([grey[i + 1], grey[i + 2]]).toEqual([grey[i], grey[i]]);
    const told = seen['what it tells'];
    expect(told.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(told).not.toEqual(grey);
  });
});
