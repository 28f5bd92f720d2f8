/** All pairs of a set: the same whatever the blocks are, bounded, and ended by a throw. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { BestPairs } from '../../../src/explorer/copies/best-pairs';
import { findPairs } from '../../../src/explorer/copies/find-pairs';
import { countOf, dot, plainProducts, type Rows } from '../../../src/explorer/products';
import { random } from '../../../src/shared/random';
import { clustered } from './vectors';

const rows = clustered(60, 8, { clusters: 4, copies: 10 });

/** Every pair, by the definition. */
function expected(from: Rows, floor: number) {
  const pairs: [number, number, number][] = [];
  for (let a = 0; a < countOf(from); a++)
    for (let b = a + 1; b < countOf(from); b++) {
      const score = dot(from, a, from, b);
      if (score >= floor) pairs.push([a, b, Math.fround(score)]);
    }
  return pairs.sort((x, y) => y[2] - x[2]);
}

test.each([7, 16, 59, 60, 500])('blocks of %i rows find the same pairs', async (block) => {
  const found = await findPairs(rows, { floor: 0.6, limit: 1000, products: plainProducts, block });
  const all = Array.from(found.score, (score, i) => [found.first[i], found.second[i], score]);
  expect(all).toEqual(expected(rows, 0.6));
  expect(found.floor).toBe(0.6);
  expect(all.length).toBeGreaterThan(20);
});

test('products that are off by the rounding of float32 change nothing', async () => {
  const rough = (a: Rows, b: Rows) =>
    (plainProducts(a, b) as Float32Array).map((score, i) => score + (i % 2 ? 4e-6 : -4e-6));
  const found = await findPairs(rows, { floor: 0.6, limit: 1000, products: rough, block: 13 });
  expect(Array.from(found.score)).toEqual(expected(rows, 0.6).map(([, , score]) => score));
});

test('of more pairs than the limit the best are kept, and the floor says from where on', async () => {
  const found = await findPairs(rows, { floor: -1, limit: 50, products: plainProducts, block: 16 });
  const best = expected(rows, -1).slice(0, 50);
  expect(Array.from(found.score)).toEqual(best.map(([, , score]) => score));
  expect(found.floor).toBe(best[49][2]);
});

test('progress counts comparisons, and a throw ends the search', async () => {
  const seen: [number, number][] = [];
  const find = (onBlock: (done: number, total: number) => void) =>
    findPairs(rows, { floor: 0.9, limit: 10, products: plainProducts, block: 25, onBlock });
  await find((done, total) => seen.push([done, total]));
  expect(seen.at(-1)).toEqual([1770, 1770]);
  await expect(
    find(() => {
      throw new Error('enough');
    }),
  ).rejects.toThrow('enough');
});

test('the bar rises while pairs come, and no pair of the best is lost', () => {
  const best = new BestPairs(0, 2000);
  const draw = random(3, 'subset', 1);
  const scores = Array.from({ length: 20_000 }, () => draw.uniform());
  scores.forEach((score, i) => best.add(i + 1, i, score));
  expect(best.lowest).toBeGreaterThan(0.8);
  const { first, second, score } = best.pairs();
  expect(Array.from(score)).toEqual(
    scores
      .toSorted((a, b) => b - a)
      .slice(0, 2000)
      .map(Math.fround),
  );
  expect(first.every((row, i) => row === second[i] - 1)).toBe(true);
});

test('of many identical images the pairs of the lowest rows are kept, without sorting again and again', () => {
  const best = new BestPairs(0, 100);
  const images = 200;
  for (let a = images - 1; a >= 0; a--) for (let b = a + 1; b < images; b++) best.add(b, a, 1);
  const { first, second } = best.pairs();
  expect(first.every((row) => row === 0)).toBe(true);
  expect(Array.from(second)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));

  const sort = vi.spyOn(Uint32Array.prototype, 'sort');
  onTestFinished(() => sort.mockRestore());
  const ascending = new BestPairs(0, 100);
  for (let a = 0; a < images; a++) for (let b = a + 1; b < images; b++) ascending.add(a, b, 1);
  expect(sort).toHaveBeenCalledTimes(1);
  ascending.add(150, 151, 1.5);
  expect(ascending.pairs()).toMatchObject({ first: expect.objectContaining({ 0: 150 }) as Uint32Array });
});

test.each([0, 1])('a set of %i images has no pairs', async (count) => {
  const few = clustered(count, 8, { clusters: 1 });
  const found = await findPairs(few, { floor: 0, limit: 10, products: plainProducts });
  expect(found.score).toHaveLength(0);
});
