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
  SAME,
  scaleOf,
  scoreAt,
  sureCosine,
  thresholdsOf,
  verdictOf,
} from '../../../src/explorer/copies/calibrate';
import { copyCandidates, measureSet, type SetScores } from '../../../src/explorer/copies/check';
import { chooseScore, type Trial } from '../../../src/explorer/copies/choose-score';
import { explainCalibration } from '../../../src/explorer/copies/explain';
import { judgeTrial } from '../../../src/explorer/copies/judge-trial';
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
  // More copies than that are none either.
  expect(backgroundOf([...Array<number>(30).fill(1), 0.4, 0.2], 0.9)).toBeCloseTo(0.3, 12);
  expect(backgroundOf([1, 1], 0.9)).toBe(0);
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
  const scale = scaleOf({ cosine: null, normalized: null }, 'cosine');
  expect(verdictOf({ score: 1, normalized: 0.5 }, scale)).toBe('similar');
});

test('quantiles are linear between neighbours', () => {
  expect(quantile([0, 1, 2, 3], 0.5)).toBe(1.5);
  expect(quantile([4], 0.9)).toBe(4);
});

test('verdicts follow the thresholds', () => {
  const thresholds = { copy: 0.3, likely: 0.2 };
  const scale = { by: 'normalized', thresholds, usual: 0, sure: 0.95 } as const;
  const verdict = (normalized: number) => verdictOf({ score: 0.9, normalized }, scale);
  expect([0.3, 0.29, 0.2, 0.1, 0, -0.1].map(verdict)).toEqual([
    'copy',
    'likely',
    'likely',
    'similar',
    'no',
    'no',
  ]);
  expect(verdictOf({ score: 0.95, normalized: 0 }, scale)).toBe('copy');
  expect(verdictOf({ score: 0.25, normalized: 0.9 }, { ...scale, by: 'cosine' })).toBe('likely');
});

test('a nearer image never has the lesser word, whatever its normalized score', () => {
  const cosine = fitBestScores(
    Array.from({ length: 1000 }, (_, i) => 0.5 - 0.05 * Math.log(-Math.log((i + 0.5) / 1000))),
  );
  const scale = scaleOf({ cosine, normalized: null }, 'cosine');
  const verdict = (score: number, normalized: number) => verdictOf({ score, normalized }, scale);
  // The median of these is 0.518.
  expect([verdict(0.53, -0.1), verdict(0.51, 0.1)]).toEqual(['similar', 'no']);
});

test('copies are told from neighbours, and unrelated images raise few alarms', async () => {
  const set = clustered(400, 32, { clusters: 8, copies: 60, copyNoise: 0.2 });
  const measured = await measureSet(set);
  const thresholds = thresholdsOf(measured.normalized!);
  const scale = scaleOf(measured, 'normalized');
  const bestOf = async (row: number) => {
    const about = { self: row, k: 5, ceiling: scale.sure };
    return (await copyCandidates(set, slice(set, row, row + 1), about))[0];
  };
  const rows = [...Array(60).keys()];
  const found = await Promise.all(rows.map((row) => bestOf(340 + row)));
  expect(found.map(({ row }) => row)).toEqual(rows);
  const verdicts = found.map((pair) => verdictOf(pair, scale));
  expect(verdicts.every((verdict) => verdict === 'copy' || verdict === 'likely')).toBe(true);
  expect(verdicts.filter((verdict) => verdict === 'copy').length).toBeGreaterThan(40);
  // 60 copies and what they are of stood out when the thresholds were fitted.
  expect(Math.abs(measured.normalized!.outliers - 120)).toBeLessThan(10);
  // Rows 60 to 339 have no copy.
  const others = await Promise.all([...Array(280).keys()].map((i) => bestOf(60 + i)));
  const alarms = others.filter(({ normalized }) => normalized >= thresholds.likely);
  expect(alarms.length / others.length).toBeLessThan(5 * FALSE_ALARMS.likely);
});

test('an image that is there twenty times is a copy, however many there are', async () => {
  const few = clustered(200, 32, { clusters: 4 });
  const same = Array.from({ length: 20 }, () => [...few.data.subarray(0, 32)]);
  const set = { data: Float32Array.from([...few.data, ...same.flat()]), size: 32 };
  const measured = await measureSet(set);
  expect(measured.cosine!.outliers).toBeGreaterThanOrEqual(21);
  const query = slice(set, 0, 1);
  for (const by of ['cosine', 'normalized'] as const) {
    const scale = scaleOf(measured, by);
    const [best] = await copyCandidates(set, query, { self: 0, k: 5, ceiling: scale.sure });
    expect(verdictOf(best, scale)).toBe('copy');
    expect(best.normalized).toBeGreaterThan(scaleOf(measured, 'normalized').thresholds!.copy);
  }
});

test('where every image is there twice, thresholds are those of unlike images', async () => {
  const once = clustered(200, 32, { clusters: 4 });
  const twice = { data: Float32Array.from([...once.data, ...once.data]), size: 32 };
  const measured = await measureSet(twice);
  const alone = thresholdsOf((await measureSet(once)).cosine!).copy;
  expect(thresholdsOf(measured.cosine!).copy).toBeCloseTo(alone, 1);
  const scale = scaleOf(measured, 'normalized');
  const [best] = await copyCandidates(twice, slice(twice, 7, 8), { self: 7, k: 5, ceiling: scale.sure });
  expect([best.row, verdictOf(best, scale)]).toEqual([207, 'copy']);
});

const fit = { location: 0.5, scale: 0.05, images: 100, outliers: 0 };
const fits: SetScores = { cosine: fit, normalized: fit, sampled: 100, background: 0.3 };
const trial = (cosine: number, normalized: number, likely = [1, 1]): Trial => ({
  microAp: { cosine, normalized },
  blocks: [
    {
      name: 'strong',
      found: { cosine: { copy: 0, likely: likely[0] }, normalized: { copy: 0, likely: likely[1] } },
    },
  ],
});

test("the score that told a set's own synthetic copies better decides, and it is said why", () => {
  expect(chooseScore(fits, null)).toBe('cosine');
  expect(chooseScore(fits, trial(0.593, 0.222))).toBe('cosine');
  expect(chooseScore(fits, trial(0.614, 0.724))).toBe('normalized');
  expect(chooseScore(fits, trial(1, 1, [0.2, 0.9]))).toBe('normalized');
  expect(chooseScore(fits, trial(1, 1))).toBe('cosine');
  expect(chooseScore({ ...fits, cosine: null }, trial(0.9, 0.1))).toBe('normalized');
  const told = (of: Trial | null) =>
    explainCalibration({
      ...fits,
      synthetic: of && { ...of, images: 39, unreadable: 1 },
      reason: null,
    }).join(' ');
  expect(told(trial(0.593, 0.222))).toContain(
    'The cosine decides: in a trial with synthetic copies of images of this set its micro-AP was 59.3 %, and that of the normalized score 22.2 %.',
  );
  expect(told(trial(0.593, 0.222))).toContain('39 images (1 more could not be read)');
  expect(told(null)).toContain('The cosine decides: which score tells copies better here was not tried');
});

test('cosine thresholds that are extrapolated above 1 leave equal vectors copies', () => {
  const wide = { ...fit, location: 0.9 };
  const scale = scaleOf({ cosine: wide, normalized: null }, 'cosine');
  expect([scale.sure, scale.thresholds]).toEqual([SAME, { copy: SAME, likely: SAME }]);
  expect(verdictOf({ score: 1, normalized: 0 }, scale)).toBe('copy');
  expect(sureCosine(fit)).toBeCloseTo(0.845, 3);
});

test('a trial sees that normalizing ruins an encoder that puts copies where hardly an image is', async () => {
  const size = 32;
  const set = clustered(300, size, { clusters: 4, noise: 0.4 });
  const measured = await measureSet(set);
  // Half of each copy points away from all images, half of them hardly: the former have next to no background.
  const draw = random(5, 'subset', 9);
  const away = Float32Array.from({ length: size }, () => draw.normal());
  const made = Array.from({ length: 40 }, (_, row) => {
    const shift = row % 2 ? 0.05 : 1;
    const vector = set.data.slice(row * size, (row + 1) * size).map((value, j) => value + shift * away[j]);
    const length = Math.hypot(...vector);
    return { row, block: 'strong', vector: vector.map((value) => value / length) };
  });
  const judged = await judgeTrial(set, made, measured, {});
  expect(judged.microAp.normalized).toBeLessThan(judged.microAp.cosine);
  expect(judged.blocks.map(({ name }) => name)).toEqual(['strong']);
  expect(judged.lowCosine).toBeLessThan(0.9);
  expect(chooseScore(measured, judged)).toBe('cosine');
});

test('a query from elsewhere may match every row, a row of the set never itself', async () => {
  const set = clustered(40, 8, { clusters: 2 });
  const query = slice(set, 7, 8);
  const [outside] = await copyCandidates(set, query, { self: null, k: 3, ceiling: Infinity });
  expect(outside).toMatchObject({ row: 7 });
  expect(outside.score).toBeCloseTo(1, 6);
  const inside = await copyCandidates(set, query, { self: 7, k: 3, ceiling: Infinity });
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
