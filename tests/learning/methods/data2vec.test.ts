import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { blockMask } from '../../../src/learning/methods/block-mask';
import { data2vec } from '../../../src/learning/methods/data2vec';
import { random } from '../../../src/shared/random';
import { values } from '../../golden/formula';
import { host } from '../host';
import { describeAgainstTorch } from './against-torch';
import { picturesOf } from './pictures-of';

describeAgainstTorch('data2vec');

describe('data2vec', () => {
  const encoder = createEncoder({ kind: 'vit', size: 'tiny', patch: 4, depth: 2, pool: 'class' }, 16);
  const build = (options: unknown) =>
    data2vec.build({
      options: data2vec.options.parse(options),
      encoder,
      classes: null,
      batchSize: 2,
      images: 10,
    });

  it('moves the momentum of its teacher along a straight line', () => {
    const { momentum, evaluated } = build({ layers: 2, momentum: [0.9, 1] }).teacher!;
    const at = (step: number) => momentum({ step, totalSteps: 100, stepsPerEpoch: 10 });
    expect([at(0), at(25), at(100)].map((value) => Number(value.toFixed(9)))).toEqual([0.9, 0.925, 1]);
    expect(evaluated).toBe(false);
  });

  it('shows the image, and what is left of it', async () => {
    const image = host([1, 16, 16, 3], values('view0', 16 * 16 * 3));
    const mask = host([1, 16], [1, ...Array<number>(15).fill(0)]);
    const { original, masked } = await picturesOf(build({ layers: 2 }), [image], { mask });
    expect(original).toEqual([...image.data]);
    const hidden = (i: number) => Math.floor(i / 48) < 4 && Math.floor(i / 3) % 16 < 4;
    expect(masked.every((value, i) => Math.abs(value - (hidden(i) ? 0 : original[i])) < 1e-6)).toBe(true);
  });

  it('refuses more layers than there are, and a backbone without patches', () => {
    expect(() => build({ layers: 3 })).toThrow('options.layers is 3, and the encoder has 2 blocks');
    const resnet = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 16);
    const options = data2vec.options.parse({});
    expect(() =>
      data2vec.build({ options, encoder: resnet, classes: null, batchSize: 2, images: 10 }),
    ).toThrow('backbone.kind is "resnet"');
  });
});

describe('block masks', () => {
  const draw = (options: { share: number; block: number }, grid: number, image: number) =>
    blockMask(options, grid, random(3, 'method', 0, image, 0));
  const sum = (mask: Float32Array) => mask.reduce((a, b) => a + b, 0);

  it('hide about the share that is asked for, and never more', () => {
    const paper = { share: 75 / 196, block: 16 / 196 };
    const counts = Array.from({ length: 200 }, (_, image) => sum(draw(paper, 14, image)));
    expect(Math.max(...counts)).toBeLessThanOrEqual(75);
    expect(counts.reduce((a, b) => a + b, 0) / 200).toBeGreaterThan(70);
  });

  it('are made of blocks: hidden patches have more hidden neighbours than chance gives', () => {
    let [pairs, both] = [0, 0];
    for (let image = 0; image < 100; image++) {
      const mask = draw({ share: 0.4, block: 0.08 }, 14, image);
      for (let y = 0; y < 14; y++)
        for (let x = 0; x < 13; x++) {
          if (mask[y * 14 + x] === 0) continue;
          pairs++;
          both += mask[y * 14 + x + 1];
        }
    }
    expect(both / pairs).toBeGreaterThan(0.65);
  });

  it('differ from image to image, are drawn again the same, and hide something in the smallest grid', () => {
    const options = { share: 0.5, block: 0.08 };
    expect(draw(options, 8, 1)).toEqual(draw(options, 8, 1));
    expect(draw(options, 8, 1)).not.toEqual(draw(options, 8, 2));
    for (let image = 0; image < 50; image++) expect(sum(draw(options, 2, image))).toBeGreaterThan(0);
  });
});
