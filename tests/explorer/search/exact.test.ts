import { describe, expect, it } from 'vitest';
import { searchExact, type SearchedRows } from '../../../src/explorer/search/exact';
import { compareHits, type Hit } from '../../../src/explorer/search/hits';
import { random } from '../../../src/shared/random';
import { unitRows } from './vectors';

const setOf = (vectors: Float32Array, size: number, allowed: Uint32Array | null = null): SearchedRows => ({
  vectors,
  size,
  allowed,
});

/** The same by sorting everything. */
function reference(sets: readonly SearchedRows[], query: Float32Array, k: number): Hit[] {
  const hits = sets.flatMap(({ vectors, size, allowed }, set) =>
    Array.from(allowed ?? Array.from({ length: vectors.length / size }, (_, row) => row), (row) => {
      let score = 0;
      for (let j = 0; j < size; j++) score += vectors[row * size + j] * query[j];
      return { set, row, score };
    }),
  );
  return hits.sort(compareHits).slice(0, k);
}

const placesOf = (hits: readonly Hit[]) => hits.map(({ set, row }) => [set, row]);

describe('exact search', () => {
  it.each([
    [3, 200, 1],
    [16, 500, 20],
    [67, 300, 50],
  ])('finds what sorting all %i-dimensional rows finds', (size, count, k) => {
    const rows = unitRows(count, size, 1);
    const query = unitRows(1, size, 2);
    const found = searchExact([setOf(rows, size)], query, k);
    const expected = reference([setOf(rows, size)], query, k);
    expect(placesOf(found)).toEqual(placesOf(expected));
    found.forEach(({ score }, i) => expect(score).toBeCloseTo(expected[i].score, 12));
  });

  it('searches several sets at once', () => {
    const sets = [1, 2, 3].map((seed) => setOf(unitRows(100 * seed, 8, seed), 8));
    const query = unitRows(1, 8, 9);
    expect(placesOf(searchExact(sets, query, 30))).toEqual(placesOf(reference(sets, query, 30)));
  });

  it('gives equal rows in the order of sets and rows, however many there are', () => {
    const one = unitRows(1, 8, 5);
    const same = new Float32Array(300 * 8);
    for (let row = 0; row < 300; row++) same.set(one, row * 8);
    const found = searchExact([setOf(same, 8), setOf(same, 8)], one, 302);
    expect(placesOf(found)).toEqual([...Array.from({ length: 300 }, (_, row) => [0, row]), [1, 0], [1, 1]]);
  });

  it('tells rows apart that single precision cannot', () => {
    const size = 64;
    const query = unitRows(1, size, 3);
    const rows = new Float32Array(500 * size);
    const draw = random(4, 'subset', 0);
    for (let row = 0; row < 500; row++)
      for (let j = 0; j < size; j++) rows[row * size + j] = query[j] * (1 + (draw.integer(3) - 1) * 2 ** -23);
    const sets = [setOf(rows, size)];
    expect(placesOf(searchExact(sets, query, 40))).toEqual(placesOf(reference(sets, query, 40)));
  });

  it.each([0.9, 0.6, 0.3, 0.01])('looks only at the rows that may be found, %f of them', (share) => {
    const draw = random(7, 'subset', 0);
    const rows = unitRows(1000, 16, 1);
    const allowed = Uint32Array.from(
      Array.from({ length: 1000 }, (_, i) => i).filter(() => draw.uniform() < share),
    );
    const sets = [setOf(rows, 16, allowed)];
    const query = unitRows(1, 16, 2);
    expect(placesOf(searchExact(sets, query, 25))).toEqual(placesOf(reference(sets, query, 25)));
  });

  it('finds the right ones where all near rows are left out', () => {
    const size = 8;
    const query = unitRows(1, size, 1);
    const rows = unitRows(1000, size, 2);
    const near = new Set(placesOf(reference([setOf(rows, size)], query, 400)).map(([, row]) => row));
    const allowed = Uint32Array.from(Array.from({ length: 1000 }, (_, i) => i).filter((i) => !near.has(i)));
    const sets = [setOf(rows, size, allowed)];
    expect(placesOf(searchExact(sets, query, 10))).toEqual(placesOf(reference(sets, query, 10)));
  });

  it('finds all there are where more are asked for, and nothing in nothing', () => {
    const query = unitRows(1, 4, 1);
    expect(searchExact([setOf(unitRows(5, 4, 2), 4)], query, 100)).toHaveLength(5);
    expect(searchExact([setOf(new Float32Array(), 4)], query, 5)).toEqual([]);
    expect(searchExact([setOf(unitRows(5, 4, 2), 4, new Uint32Array())], query, 5)).toEqual([]);
  });

  it('reads a query that is a part of a larger array', () => {
    const rows = unitRows(200, 8, 1);
    const query = rows.subarray(8 * 50, 8 * 51);
    expect(searchExact([setOf(rows, 8)], query, 1)).toMatchObject([{ row: 50 }]);
  });
});
