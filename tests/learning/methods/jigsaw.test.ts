import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { distantPermutations, hamming } from '../../../src/learning/methods/distant-permutations';
import { jigsaw } from '../../../src/learning/methods/jigsaw';
import { cellCorners, cutTiles, tileGrid } from '../../../src/learning/methods/tiles';
import { permutation, random } from '../../../src/shared/random';
import { backboneSchema } from '../../../src/shared/run-config';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('jigsaw');

const resnet = (side: number) =>
  createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, side);

describe('distantPermutations', () => {
  const leastDistance = (orders: readonly ArrayLike<number>[]) =>
    Math.min(...orders.flatMap((a, i) => orders.slice(i + 1).map((b) => hamming(a, b))));

  it('are distinct permutations, further apart than drawn ones', () => {
    const chosen = distantPermutations(9, 60);
    for (const order of chosen) expect(order.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const drawn = Array.from({ length: 60 }, (_, i) => permutation(9, random(1, 'order', i)));
    expect(leastDistance(chosen)).toBeGreaterThan(leastDistance(drawn));
    expect(leastDistance(chosen)).toBeGreaterThanOrEqual(7);
  });

  it('of four tiles are all 24 orders, those that share no place first', () => {
    const all = distantPermutations(4, 24);
    expect(new Set(all.map(String)).size).toBe(24);
    expect(leastDistance(all.slice(0, 4))).toBe(4);
    expect(all[0]).toEqual([0, 1, 2, 3]);
  });

  it('keep their numbers however many are taken', () => {
    expect(distantPermutations(9, 20).slice(0, 5)).toEqual(distantPermutations(9, 5));
  });

  it('refuses more than there are', () => {
    expect(() => distantPermutations(4, 25)).toThrow(
      'options.permutations is 25, and 4 tiles have 24 orders',
    );
  });
});

describe('tiles', () => {
  it('are cut exactly, in the order that is asked for', async () => {
    const grid = tileGrid(resnet(20), 2, 2);
    expect(grid).toEqual({ across: 2, count: 4, cell: 10, tile: 8, gap: 2 });
    const image = Float32Array.from({ length: 20 * 20 * 3 }, (_, i) => i);
    const corners = cellCorners(grid, [3, 0, 1, 2]).map((place, i) => place + (i % 3));
    const { tiles } = await evaluate(
      { image: host([1, 20, 20, 3], image), corners: host([1, 4, 2], corners) },
      ({ image, corners }) => ({ tiles: cutTiles(image, corners, grid) }),
    );
    const expected = [0, 1, 2, 3].flatMap((slot) => {
      const [top, left] = corners.slice(2 * slot, 2 * slot + 2);
      return Array.from({ length: 8 * 8 * 3 }, (_, i) => {
        const [y, x, c] = [Math.floor(i / 24), Math.floor(i / 3) % 8, i % 3];
        return image[((top + y) * 20 + left + x) * 3 + c];
      });
    });
    expect(tiles).toEqual(expected);
  });

  it('refuses tiles that the encoder cannot take', () => {
    expect(() => tileGrid(resnet(16), 3, 0)).toThrow('Tiles of 5 px are too small');
    const vit = createEncoder(backboneSchema.parse({ kind: 'vit', depth: 1 }), 32);
    expect(() => tileGrid(vit, 2, 2)).toThrow('Tiles of 14 px cannot be cut into patches of 4 px');
    expect(tileGrid(vit, 2, 4).tile).toBe(12);
  });
});

describe('jigsaw', () => {
  it('draws orders and offsets within their ranges', () => {
    const options = jigsaw.options.parse({ grid: 2, gap: 4, permutations: 24 });
    const model = jigsaw.build({ options, encoder: resnet(32), classes: null, batchSize: 4, images: 9 });
    const drawn = Array.from({ length: 200 }, (_, i) => random(3, 'method', i));
    const orders = drawn.map((source) => model.draws!.order.draw(source)[0]);
    expect(new Set(orders).size).toBe(24);
    const offsets = drawn.flatMap((source) => [...(model.draws!.offsets.draw(source) as number[])]);
    expect([Math.min(...offsets), Math.max(...offsets)]).toEqual([0, 4]);
    expect(model.chanceLoss).toBeCloseTo(Math.log(24), 10);
  });
});
