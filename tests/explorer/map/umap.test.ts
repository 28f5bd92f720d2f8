import { describe, expect, it } from 'vitest';
import { fitCurve } from '../../../src/explorer/map/curve';
import { fuzzySet } from '../../../src/explorer/map/fuzzy-set';
import { nearestRows } from '../../../src/explorer/map/nearest';
import { umapLayout } from '../../../src/explorer/map/umap';
import { blobs } from './blobs';

describe('fitCurve', () => {
  // What `umap.umap_.find_ab_params(1.0, least)` of umap-learn gives.
  it.each([
    [0.1, 1.5769, 0.8951],
    [0.5, 0.583, 1.3342],
    [0.001, 1.9292, 0.7915],
  ])('gives the constants of the authors for a least distance of %d', (least, a, b) => {
    const curve = fitCurve(least);
    expect(curve.a).toBeCloseTo(a, 2);
    expect(curve.b).toBeCloseTo(b, 2);
  });

  it.each([0, 1])('is near and falls for a least distance of %d', (least) => {
    const { a, b } = fitCurve(least);
    const at = (distance: number) => 1 / (1 + a * distance ** (2 * b));
    expect(at(0.05)).toBeGreaterThan(0.85);
    expect(at(3)).toBeLessThan(0.2);
  });
});

describe('fuzzySet', () => {
  it('joins each pair in both directions by a + b - ab, and lets strengths sum to log2(k + 1)', () => {
    // Three points on a line at 0, 1 and 3: everybody is everybody's neighbour.
    const set = fuzzySet({
      k: 2,
      rows: Uint32Array.of(1, 2, 0, 2, 1, 0),
      distances: Float32Array.of(1, 3, 1, 2, 2, 3),
      isExact: true,
    });
    const weight = (head: number, tail: number) =>
      set.weights[[...set.heads].findIndex((own, edge) => own === head && set.tails[edge] === tail)];
    expect(set.heads).toHaveLength(6);
    // A row's nearest has strength 1; with two neighbours the other one has log2(3) - 1.
    const further = Math.log2(3) - 1;
    expect(weight(0, 1)).toBeCloseTo(1, 3);
    expect(weight(2, 1)).toBeCloseTo(1, 3);
    expect(weight(0, 2)).toBeCloseTo(2 * further - further ** 2, 3);
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ])
      expect(weight(a, b)).toBe(weight(b, a));
  });

  it('keeps what is joined in one direction only, at its own strength', () => {
    const set = fuzzySet({
      k: 1,
      rows: Uint32Array.of(1, 0, 1),
      distances: Float32Array.of(1, 1, 5),
      isExact: true,
    });
    const pairs = [...set.heads].map((head, edge) => `${head}-${set.tails[edge]} ${set.weights[edge]}`);
    expect(pairs.sort()).toEqual(['0-1 1', '1-0 1', '1-2 1', '2-1 1']);
  });

  it('gives equal rows the strength 1', () => {
    const zeros = new Float32Array(6);
    const set = fuzzySet({ k: 2, rows: Uint32Array.of(1, 2, 0, 2, 0, 1), distances: zeros, isExact: true });
    expect([...set.weights].every((weight) => weight === 1)).toBe(true);
  });
});

describe('umapLayout', () => {
  const layout = async (seed: number, onEpoch?: (epoch: number) => void | Promise<void>) => {
    const vectors = blobs(240, 10, 3);
    const set = fuzzySet(await nearestRows(vectors, 10));
    const start = Float32Array.from({ length: 480 }, (_, i) => Math.sin(i * 12.9898) * 0.5);
    return umapLayout(set, start, { minDistance: 0.1, seed, epochs: 60 }, onEpoch);
  };

  it('is the same for the same seed and another one for another', async () => {
    const [once, again, other] = [await layout(4), await layout(4), await layout(5)];
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  it('tells each epoch and ends where it is told to', async () => {
    const epochs: number[] = [];
    const stop = new Error('stopped');
    await expect(
      layout(1, (epoch) => {
        epochs.push(epoch);
        if (epoch === 5) throw stop;
      }),
    ).rejects.toBe(stop);
    expect(epochs).toEqual([1, 2, 3, 4, 5]);
  });

  it('lets others in between epochs', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 0);
    await layout(1, () => new Promise((resume) => setTimeout(resume, 1)));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });
});
