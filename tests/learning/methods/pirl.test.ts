import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { memoryBank } from '../../../src/learning/methods/memory-bank';
import { pirl } from '../../../src/learning/methods/pirl';
import { initialize } from '../../../src/learning/module';
import { random } from '../../../src/shared/random';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('pirl');

describe('memoryBank', () => {
  it('begins with vectors of unit length', () => {
    const { vectors } = initialize(memoryBank(5, 8, 0.5).parameters, 1);
    for (let i = 0; i < 5; i++)
      expect(Math.hypot(...(vectors.data as Float32Array).subarray(8 * i, 8 * i + 8))).toBeCloseTo(1, 6);
  });

  it('refuses more images than it is made for', () => {
    expect(() => memoryBank(300_000, 128, 0.5)).toThrow(
      'A memory bank holds up to 262144 images, and there are 300000',
    );
  });
});

describe('pirl', () => {
  const encoder = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 32);

  it('draws each image’s part of the negatives from all images', () => {
    const options = pirl.options.parse({ grid: 2, gap: 4, negatives: 30 });
    const { draws, chanceLoss } = pirl.build({ options, encoder, classes: null, batchSize: 8, images: 50 });
    expect(draws!.negatives.shape).toEqual([4]);
    const all = Array.from({ length: 200 }, (_, i) => [
      ...(draws!.negatives.draw(random(1, 'method', i)) as number[]),
    ]);
    expect(new Set(all.flat()).size).toBe(50);
    expect(chanceLoss).toBeCloseTo(Math.log(33), 10);
  });

  it('cuts tiles from a larger part of the image than its other view', () => {
    const [image, tiles] = pirl.views(pirl.options.parse({}), 32);
    expect(image.crop?.scale).toEqual([0.08, 1]);
    expect(tiles.crop?.scale).toEqual([0.6, 1]);
  });
});
