import { describe, expect, it } from 'vitest';
import type { TensorMap } from '../../../src/engine';
import { createEncoder } from '../../../src/learning/backbones';
import { mae } from '../../../src/learning/methods/mae';
import { fromPatches, toPatches } from '../../../src/learning/patches';
import { random } from '../../../src/shared/random';
import { values } from '../../golden/formula';
import { expectClose } from '../close';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';
import { picturesOf } from './pictures-of';

describeAgainstTorch('mae');

const encoder = createEncoder({ kind: 'vit', size: 'tiny', patch: 4, depth: 1, pool: 'class' }, 16);
const build = (options: unknown = {}) =>
  mae.build({ options: mae.options.parse(options), encoder, classes: null, batchSize: 2, images: 10 });
const small = { decoder: { width: 24, depth: 1, heads: 3 } };

describe('mae', () => {
  it('keeps another quarter of the patches of each image, none twice', () => {
    const { kept } = build().draws!;
    expect(kept.shape).toEqual([4]);
    const draws = [0, 1].map((image) => Array.from(kept.draw(random(7, 'method', 0, image, 0))));
    for (const draw of draws) {
      expect(new Set(draw).size).toBe(4);
      expect(Math.min(...draw)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...draw)).toBeLessThan(16);
    }
    expect(draws[0]).not.toEqual(draws[1]);
    expect(Array.from(kept.draw(random(7, 'method', 0, 0, 0)))).toEqual(draws[0]);
  });

  it('always hides a patch and shows one', () => {
    expect(build({ mask: 0.05 }).draws!.kept.shape).toEqual([15]);
    expect(build({ mask: 0.95 }).draws!.kept.shape).toEqual([1]);
  });

  it('refuses a backbone without patches, and a decoder that its heads do not divide', () => {
    const resnet = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 16);
    const options = mae.options.parse({});
    expect(() => mae.build({ options, encoder: resnet, classes: null, batchSize: 2, images: 10 })).toThrow(
      'backbone.kind is "resnet"',
    );
    expect(() => build({ decoder: { width: 100, heads: 16 } })).toThrow('a multiple of 4 and of');
  });

  it('shows the image, what is left of it, and what the decoder paints into the rest', async () => {
    const image = host([2, 16, 16, 3], values('view0', 2 * 16 * 16 * 3));
    const kept = { shape: [2, 4], dtype: 'int32' as const, data: Int32Array.of(0, 5, 10, 15, 1, 2, 3, 4) };
    const { original, masked, reconstruction } = await picturesOf(build(small), [image], { kept });
    expectClose(original, image.data);
    const inPatch = (pixel: number, patch: number) => {
      const [y, x] = [Math.floor(pixel / 16), pixel % 16];
      return Math.floor(y / 4) * 4 + Math.floor(x / 4) === patch;
    };
    const shownIn0 = (i: number) => [0, 5, 10, 15].some((patch) => inPatch(Math.floor(i / 3), patch));
    for (let i = 0; i < 16 * 16 * 3; i++) {
      expect(masked[i]).toBeCloseTo(shownIn0(i) ? original[i] : 0, 12);
      if (shownIn0(i)) expect(reconstruction[i]).toBe(original[i]);
    }
    expect(reconstruction.some((value, i) => !shownIn0(i % 768) && value !== 0)).toBe(true);
  });
});

describe('patches', () => {
  it('are read row after row and put back', async () => {
    const image = host([2, 4, 4, 2], values('x', 64));
    const found = await evaluate({ image }, ({ image }): TensorMap => {
      const patches = toPatches(image, 2);
      return { patches, back: fromPatches(patches, 2) };
    });
    expectClose(found.back, image.data);
    const at = (y: number, x: number, c: number) => image.data[(y * 4 + x) * 2 + c];
    expectClose(found.patches.slice(8, 16), [
      ...[at(0, 2, 0), at(0, 2, 1), at(0, 3, 0), at(0, 3, 1)],
      ...[at(1, 2, 0), at(1, 2, 1), at(1, 3, 0), at(1, 3, 1)],
    ]);
  });
});
