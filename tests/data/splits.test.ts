/** Held-out parts and subsets: deterministic, disjoint, balanced. */
import { describe, expect, it } from 'vitest';
import { balancedSubsetOf, holdOut, shareOf, subsetOf } from '../../src/data/splits';
import { UserError } from '../../src/shared/errors';

const labels = Int32Array.from({ length: 100 }, (_, i) => (i < 70 ? 0 : i < 90 ? 1 : -1));
const all = Uint32Array.from({ length: 100 }, (_, i) => i);
const countOf = (indices: Uint32Array, label: number) => indices.filter((i) => labels[i] === label).length;

describe('holdOut', () => {
  it('takes the same share of each class and leaves unlabelled images in training', () => {
    const { train, evaluation } = holdOut(100, labels, 0.1, 0);
    expect([countOf(evaluation, 0), countOf(evaluation, 1), countOf(evaluation, -1)]).toEqual([7, 2, 0]);
    expect([...train, ...evaluation].sort((a, b) => a - b)).toEqual([...all]);
  });

  it('depends on the seed alone', () => {
    expect(holdOut(50, null, 0.2, 3)).toEqual(holdOut(50, null, 0.2, 3));
    expect(holdOut(50, null, 0.2, 3).evaluation).not.toEqual(holdOut(50, null, 0.2, 4).evaluation);
    expect(holdOut(50, null, 0.2, 3).evaluation.length).toBe(10);
  });

  it('keeps one training image, and all where the share is 0', () => {
    expect(holdOut(1, null, 0.9, 0).train.length).toBe(1);
    expect(holdOut(9, null, 0, 0).evaluation.length).toBe(0);
  });
});

describe('subsets', () => {
  it('that follow each other share no image', () => {
    const first = new Set(subsetOf(all, 40, 1));
    const second = subsetOf(all, 60, 1, 40);
    expect(second.filter((index) => first.has(index))).toHaveLength(0);
    expect(() => subsetOf(all, 61, 1, 40)).toThrow('61 images after the first 40');
  });

  it('of a share take the same of each class, and at least one', () => {
    const share = shareOf(all, labels, 0.5, 0);
    const tiny = shareOf(all, labels, 0.001, 0);
    for (const label of [0, 1]) {
      const size = labels.filter((one) => one === label).length;
      expect(countOf(share, label)).toBe(Math.round(size / 2));
      expect(countOf(tiny, label)).toBe(1);
    }
    expect(() => shareOf(all, null, 0.5, 0)).toThrow('no classes');
  });

  it('draws n images; the smaller is part of the larger', () => {
    const small = subsetOf(all, 10, 1);
    const large = new Set(subsetOf(all, 50, 1));
    expect(small.length).toBe(10);
    expect(small.every((i) => large.has(i))).toBe(true);
    expect([...small]).toEqual([...small].sort((a, b) => a - b));
    expect(subsetOf(all, 10, 2)).not.toEqual(small);
  });

  it('draws the same number of every class', () => {
    const subset = balancedSubsetOf(all, labels, ['a', 'b'], 15, 0);
    expect([subset.length, countOf(subset, 0), countOf(subset, 1)]).toEqual([30, 15, 15]);
  });

  it('refuses what is not there, with the numbers', () => {
    expect(() => subsetOf(all, 101, 0)).toThrow('only 100 training images');
    expect(() => balancedSubsetOf(all, labels, ['a', 'b'], 21, 0)).toThrow('"b" has 20');
    expect(() => balancedSubsetOf(all, null, null, 1, 0)).toThrow(UserError);
  });
});
