/** Thresholds mean what they say, on made-up embeddings whose copies are known. */
import { expect, test } from 'vitest';
import {
  BACKGROUND_NEIGHBOURS,
  backgroundOf,
  normalizedScore,
} from '../../../src/explorer/copies/background';
import {
  FALSE_ALARMS,
  fitBestScores,
  quantile,
  scoreAt,
  thresholdsOf,
  verdictOf,
} from '../../../src/explorer/copies/calibrate';
import { copyCandidates, measureSet } from '../../../src/explorer/copies/check';
import { nearest } from '../../../src/explorer/nearest';
import { dot, slice } from '../../../src/explorer/products';
import { random } from '../../../src/shared/random';
import { clustered } from './vectors';

test('the background passes over the nearest five', () => {
  const scores = Array.from({ length: 20 }, (_, i) => 1 - i / 100);
  expect(backgroundOf(scores)).toBeCloseTo((0.95 + 0.86) / 2, 12);
  expect(BACKGROUND_NEIGHBOURS).toBe(15);
  // Too few neighbours to pass any over.
  expect(backgroundOf([0.5, 0.3])).toBeCloseTo(0.4, 12);
  expect(backgroundOf([])).toBe(0);
  expect(normalizedScore(0.9, 0.5, 0.3)).toBeCloseTo(0.5, 12);
});

test('a fit finds the Gumbel distribution that scores were drawn from, also where a third are copies', () => {
  const draw = random(1, 'subset', 2);
  const drawn = Array.from({ length: 4000 }, () => 0.5 - 0.05 * Math.log(-Math.log(draw.uniform() || 0.5)));
  const fit = fitBestScores(drawn)!;
  expect(fit.location).toBeCloseTo(0.5, 2);
  expect(fit.scale).toBeCloseTo(0.05, 2);
  const above = (threshold: number) => drawn.filter((score) => score >= threshold).length / drawn.length;
  const thresholds = thresholdsOf(fit);
  expect(above(thresholds.likely)).toBeGreaterThan(FALSE_ALARMS.likely / 2);
  expect(above(thresholds.likely)).toBeLessThan(FALSE_ALARMS.likely * 2);
  expect(above(thresholds.copy)).toBeLessThan(FALSE_ALARMS.copy * 3);

  const withCopies = fitBestScores([...drawn.slice(0, 2700), ...Array<number>(1300).fill(0.99)])!;
  expect(scoreAt(withCopies, 0.99)).toBeLessThan(0.99);
});

test('too few images, or scores that are all the same, calibrate nothing', () => {
  expect(fitBestScores(Array<number>(19).fill(0).map(Math.random))).toBeNull();
  expect(fitBestScores(Array<number>(100).fill(0.7))).toBeNull();
  expect(verdictOf(0.5, null)).toBe('similar');
});

test('quantiles are linear between neighbours', () => {
  expect(quantile([0, 1, 2, 3], 0.5)).toBe(1.5);
  expect(quantile([4], 0.9)).toBe(4);
});

test('verdicts follow the thresholds', () => {
  const thresholds = { copy: 0.3, likely: 0.2 };
  expect([0.3, 0.29, 0.2, 0.1, 0, -0.1].map((score) => verdictOf(score, thresholds))).toEqual([
    'copy',
    'likely',
    'likely',
    'similar',
    'no',
    'no',
  ]);
});

test('copies are told from neighbours, and unrelated images raise few alarms', async () => {
  const set = clustered(400, 32, { clusters: 8, copies: 60, copyNoise: 0.2 });
  const measured = await measureSet(set);
  const thresholds = thresholdsOf(measured.normalized!);
  const bestOf = async (row: number) => (await copyCandidates(set, slice(set, row, row + 1), row, 5))[0];
  const rows = [...Array(60).keys()];
  const found = await Promise.all(rows.map((row) => bestOf(340 + row)));
  expect(found.map(({ row }) => row)).toEqual(rows);
  const verdicts = found.map(({ normalized }) => verdictOf(normalized, thresholds));
  expect(verdicts.every((verdict) => verdict === 'copy' || verdict === 'likely')).toBe(true);
  expect(verdicts.filter((verdict) => verdict === 'copy').length).toBeGreaterThan(40);
  // 60 copies and what they are of stood out when the thresholds were fitted.
  expect(Math.abs(measured.normalized!.outliers - 120)).toBeLessThan(10);
  // Rows 60 to 339 have no copy.
  const others = await Promise.all([...Array(280).keys()].map((i) => bestOf(60 + i)));
  const alarms = others.filter(({ normalized }) => normalized >= thresholds.likely);
  expect(alarms.length / others.length).toBeLessThan(5 * FALSE_ALARMS.likely);
});

test('a query from elsewhere may match every row, a row of the set never itself', async () => {
  const set = clustered(40, 8, { clusters: 2 });
  const query = slice(set, 7, 8);
  const [outside] = await copyCandidates(set, query, null, 3);
  expect(outside).toMatchObject({ row: 7 });
  expect(outside.score).toBeCloseTo(1, 6);
  const inside = await copyCandidates(set, query, 7, 3);
  expect(inside.map(({ row }) => row)).not.toContain(7);
});

test('nearest rows are exact, whatever the number of queries, ties by the lower row', async () => {
  const set = clustered(50, 8, { clusters: 3, copies: 5, copyNoise: 0 });
  const all = [...Array(50).keys()];
  const found = await nearest(set, set, 12, all);
  for (const query of all) {
    const expected = all
      .filter((row) => row !== query)
      .map((row) => ({ row, score: dot(set, query, set, row) }))
      .sort((a, b) => b.score - a.score || a.row - b.row)
      .slice(0, 12);
    const at = query * 12;
    expect(Array.from(found.rows.subarray(at, at + 12))).toEqual(expected.map(({ row }) => row));
    expect(Array.from(found.scores.subarray(at, at + 12))).toEqual(expected.map(({ score }) => score));
  }
  // Row 45 is row 0 again.
  expect(found.rows[0]).toBe(45);
  expect((await nearest(set, slice(set, 0, 1), 500, [0])).k).toBe(49);
  expect(await nearest(slice(set, 0, 1), slice(set, 0, 1), 5, [0])).toMatchObject({ k: 0 });
});
