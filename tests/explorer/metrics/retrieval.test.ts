/** Figures of retrieval against an independent implementation: tests/golden/retrieval/make_golden.py. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  averagePrecision,
  operatingPoint,
  PLAIN,
  precisionAt,
  precisionRecallCurve,
  RankCounter,
  rankPositives,
  recallAt,
  RetrievalSummary,
  REVISITED,
  revisitedPrecisionAt,
  trapezoidalAveragePrecision,
} from '../../../src/explorer/metrics';

interface Case {
  name: string;
  scores: number[];
  /** 1 right, 0 wrong, -1 junk. */
  relevance: number[];
}
interface QueryCase extends Case {
  expected: {
    ranks: number[];
    plain: number;
    trapezoidal: number;
    precisionAt: Record<string, number>;
    revisitedPrecisionAt: Record<string, number>;
    recallAt: Record<string, number>;
    curve: [number, number][];
  } | null;
}
interface PooledCase extends Case {
  positives: number;
  expected: { microAp: number; recallAtPrecision90: { recall: number; threshold: number } | null };
}
const golden = JSON.parse(
  readFileSync(new URL('../../golden/retrieval/golden.json', import.meta.url), 'utf8'),
) as { k: number[]; queries: QueryCase[]; pooled: PooledCase[] };

const ranksOf = ({ scores, relevance }: Case) =>
  rankPositives(scores, (row) =>
    relevance[row] === 1 ? 'positive' : relevance[row] === 0 ? 'negative' : 'junk',
  );
const positivesOf = ({ relevance }: Case) => relevance.filter((is) => is === 1).length;
const byK = (of: (k: number) => number) => Object.fromEntries(golden.k.map((k) => [k, of(k)]));

test.each(golden.queries)('query: $name', (given) => {
  const ranks = ranksOf(given);
  const positives = positivesOf(given);
  const { expected } = given;
  if (!expected) {
    expect(ranks).toHaveLength(0);
    return;
  }
  expect(Array.from(ranks)).toEqual(expected.ranks);
  expect(averagePrecision(ranks, positives)).toBeCloseTo(expected.plain, 12);
  expect(trapezoidalAveragePrecision(ranks, positives)).toBeCloseTo(expected.trapezoidal, 12);
  expect(byK((k) => precisionAt(ranks, k))).toEqual(expected.precisionAt);
  expect(byK((k) => revisitedPrecisionAt(ranks, k))).toEqual(expected.revisitedPrecisionAt);
  expect(byK((k) => recallAt(ranks, k))).toEqual(expected.recallAt);
  expect(precisionRecallCurve(ranks, positives).map((p) => [p.recall, p.precision])).toEqual(expected.curve);
});

test.each(golden.pooled)('pooled pairs: $name', (given) => {
  const { scores, relevance, positives, expected } = given;
  const counter = new RankCounter(scores.filter((_, i) => relevance[i] === 1));
  for (const score of scores.filter((_, i) => relevance[i] === 0)) counter.add(score);
  const ranks = counter.ranks();
  expect(averagePrecision(ranks, positives)).toBeCloseTo(expected.microAp, 12);
  const point = operatingPoint(ranks, counter.scores, positives, 0.9);
  if (!expected.recallAtPrecision90) expect(point).toBeNull();
  else expect(point).toMatchObject(expected.recallAtPrecision90);
});

test.each([
  { name: 'plain', counting: PLAIN, ap: 'plain', precision: 'precisionAt' },
  { name: 'revisited', counting: REVISITED, ap: 'trapezoidal', precision: 'revisitedPrecisionAt' },
] as const)('means over queries, $name: those without a right answer are left out and counted', (given) => {
  const summary = new RetrievalSummary(given.counting, golden.k);
  for (const query of golden.queries) summary.add(ranksOf(query), positivesOf(query));
  const means = summary.means();
  const counted = golden.queries.flatMap(({ expected }) => expected ?? []);
  const mean = (of: (one: (typeof counted)[number]) => number) =>
    counted.reduce((sum, one) => sum + of(one), 0) / counted.length;
  expect(means).toMatchObject({
    queries: counted.length,
    leftOut: golden.queries.length - counted.length,
  });
  expect(means.leftOut).toBe(2);
  expect(means.map).toBeCloseTo(
    mean((one) => one[given.ap]),
    12,
  );
  for (const k of golden.k) {
    expect(means.precisionAt[k]).toBeCloseTo(
      mean((one) => one[given.precision][k]),
      12,
    );
    expect(means.recallAt[k]).toBeCloseTo(
      mean((one) => one.recallAt[k]),
      12,
    );
  }
  expect(means.curve).toHaveLength(101);
  const atHalf = counted.map(({ curve }) => curve.find(([recall]) => recall === 0.5)?.[1] ?? 0);
  expect(means.curve[50].precision).toBeCloseTo(atHalf.reduce((a, b) => a + b) / counted.length, 12);
});

test('no query with a right answer: no means, not zeros', () => {
  const summary = new RetrievalSummary(PLAIN, [1]);
  summary.add([], 0);
  expect(summary.means()).toEqual({
    queries: 0,
    leftOut: 1,
    map: null,
    precisionAt: {},
    recallAt: {},
    curve: [],
  });
});

test('right answers that were not retrieved count as found nowhere', () => {
  expect(averagePrecision([0], 4)).toBe(0.25);
  expect(() => averagePrecision([0, 1], 1)).toThrow('2 right answers of 1');
  expect(() => averagePrecision([], 0)).toThrow('without right answers');
});
