/** Groups of copies by threshold, against connected components that are found anew each time. */
import { expect, test } from 'vitest';
import { CopyGrouping, scoreHistogram } from '../../../src/shared/explorer/copy-groups';
import { decodePairs, encodePairs, type CopyPairs } from '../../../src/shared/explorer/copies';
import { random } from '../../../src/shared/random';

function pairsOf(list: [number, number, number][]): CopyPairs {
  const sorted = list.toSorted((a, b) => b[2] - a[2]);
  return {
    first: Uint32Array.from(sorted, ([first]) => first),
    second: Uint32Array.from(sorted, ([, second]) => second),
    score: Float32Array.from(sorted, ([, , score]) => score),
  };
}

/** Components by walking from image to image. */
function components({ first, second, score }: CopyPairs, threshold: number): number[][] {
  const near = new Map<number, number[]>();
  score.forEach((value, i) => {
    if (value < Math.fround(threshold)) return;
    near.set(first[i], [...(near.get(first[i]) ?? []), second[i]]);
    near.set(second[i], [...(near.get(second[i]) ?? []), first[i]]);
  });
  const groups: number[][] = [];
  const seen = new Set<number>();
  for (const start of near.keys()) {
    const group: number[] = [];
    const waiting = [start];
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      if (seen.has(row)) continue;
      seen.add(row);
      group.push(row);
      waiting.push(...near.get(row)!);
    }
    if (group.length > 0) groups.push(group.sort((a, b) => a - b));
  }
  return groups.sort((a, b) => a[0] - b[0]);
}

const draw = random(5, 'subset', 4);
const many = pairsOf(
  Array.from({ length: 300 }, (): [number, number, number] => {
    const first = draw.integer(150);
    return [first, first + 1 + draw.integer(49), Math.fround(0.5 + Math.round(draw.uniform() * 50) / 100)];
  }),
);

test.each([0, 0.5, 0.6, 0.753, 0.9, 0.99, 1, 1.1])('groups and counts at %d', (threshold) => {
  const grouping = new CopyGrouping(many);
  const expected = components(many, threshold);
  const groups = grouping.groupsAt(threshold);
  expect(groups.map(({ rows }) => rows).toSorted((a, b) => a[0] - b[0])).toEqual(expected);
  const images = expected.flat().length;
  expect(grouping.countsAt(threshold)).toEqual({
    pairs: many.score.filter((score) => score >= Math.fround(threshold)).length,
    groups: expected.length,
    images,
    surplus: images - expected.length,
  });
});

test('a group knows its best and weakest score; the best group stands first', () => {
  const grouping = new CopyGrouping(
    pairsOf([
      [4, 5, 0.8],
      [1, 2, 0.9],
      [2, 3, 0.7],
      [8, 9, 0.95],
    ]),
  );
  expect(grouping.groupsAt(0.7).map(({ rows, pairs }) => [rows, pairs])).toEqual([
    [[8, 9], 1],
    [[1, 2, 3], 2],
    [[4, 5], 1],
  ]);
  const [, chain] = grouping.groupsAt(0.7);
  expect([chain.best, chain.weakest]).toEqual([Math.fround(0.9), Math.fround(0.7)]);
  expect(grouping.countsAt(0.71)).toEqual({ pairs: 3, groups: 3, images: 6, surplus: 3 });
});

test('a pair is in at its own score, though it is rounded to float32', () => {
  const grouping = new CopyGrouping(pairsOf([[0, 1, 0.7]]));
  expect(grouping.countsAt(0.7).pairs).toBe(1);
});

test('pairs that are not sorted are refused; none at all are fine', () => {
  const { first, second, score } = pairsOf([
    [0, 1, 0.5],
    [2, 3, 0.9],
  ]);
  expect(() => new CopyGrouping({ first, second, score: score.toReversed() })).toThrow('Pair 1');
  const none = new CopyGrouping(pairsOf([]));
  expect(none.countsAt(0)).toEqual({ pairs: 0, groups: 0, images: 0, surplus: 0 });
  expect(none.groupsAt(0)).toEqual([]);
});

test('half a million pairs: built within a second, counts at any threshold at once', () => {
  const length = 500_000;
  const source = random(6, 'subset', 4);
  const first = Uint32Array.from({ length }, () => source.integer(49_000));
  const big = {
    first,
    second: first.map((row) => row + 1 + source.integer(900)),
    score: Float32Array.from({ length }, (_, i) => 1 - i / length),
  };
  const began = performance.now();
  const grouping = new CopyGrouping(big);
  expect(performance.now() - began).toBeLessThan(1000);
  const asked = performance.now();
  for (let i = 0; i <= 1000; i++) grouping.countsAt(i / 1000);
  expect(performance.now() - asked).toBeLessThan(50);
});

test('the histogram counts every score once', () => {
  const { counts } = scoreHistogram(Float32Array.of(0.5, 0.5, 0.74, 0.75, 1, 1.0000001), 2, 0.5);
  expect(Array.from(counts)).toEqual([3, 3]);
});

test('pairs come back from their bytes', () => {
  expect(decodePairs(encodePairs(many).buffer)).toEqual(many);
});
