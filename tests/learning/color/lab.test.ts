import { describe, expect, it } from 'vitest';
import { abBins } from '../../../src/learning/color/ab-bins';
import { annealedMean, rarity, softBins } from '../../../src/learning/color/ab-coding';
import { abOf, labToRgb, rgbToLab } from '../../../src/learning/color/lab';
import { expectClose } from '../close';
import { evaluate, host } from '../host';

/** CIE's values for sRGB primaries, white and a mid grey (D65). */
const KNOWN = [
  { rgb: [1, 0, 0], lab: [53.24, 80.09, 67.2] },
  { rgb: [0, 1, 0], lab: [87.73, -86.18, 83.18] },
  { rgb: [0, 0, 1], lab: [32.3, 79.19, -107.86] },
  { rgb: [1, 1, 1], lab: [100, 0, 0] },
  { rgb: [0, 0, 0], lab: [0, 0, 0] },
  { rgb: [0.5, 0.5, 0.5], lab: [53.39, 0, 0] },
];

describe('Lab', () => {
  it.each(KNOWN)('of $rgb is $lab', async ({ rgb, lab }) => {
    const { found } = await evaluate({ rgb: host([1, 3], rgb) }, ({ rgb }) => ({ found: rgbToLab(rgb) }));
    found.forEach((value, i) => expect(Math.abs(value - lab[i])).toBeLessThan(0.05));
    abOf(rgb).forEach((value, i) => expect(Math.abs(value - lab[i + 1])).toBeLessThan(0.05));
  });

  it('leads back to the same colours, dark ones too', async () => {
    const rgb = Array.from({ length: 300 }, (_, i) => ((i * 37) % 101) / 100).concat([0.01, 0.02, 0.03]);
    const { back } = await evaluate({ rgb: host([101, 3], rgb) }, ({ rgb }) => ({
      back: labToRgb(rgbToLab(rgb)),
    }));
    expectClose(back, rgb, 1e-4);
  });
});

describe('bins', () => {
  const bins = abBins();

  it('are the squares that sRGB colours fall into', () => {
    expect(bins).toHaveLength(260);
    expect(bins).toContainEqual([0, 0]);
    expect(new Set(bins.map(String)).size).toBe(260);
    expect(bins).not.toContainEqual([-100, -100]);
  });

  it('share a colour among the nearest, by the distance', async () => {
    const { shares } = await evaluate({ ab: host([1, 2], [12, -3]) }, ({ ab }) => ({
      shares: softBins(ab, bins),
    }));
    const plain = bins.map(([a, b]) => Math.exp(-((a - 12) ** 2 + (b + 3) ** 2) / 50));
    const sum = plain.reduce((x, y) => x + y);
    expectClose(
      shares,
      plain.map((share) => share / sum),
      1e-5,
    );
    expect(bins[shares.indexOf(Math.max(...shares))]).toEqual([10, 0]);
    const nearest = shares.toSorted((a, b) => b - a).slice(0, 10);
    expect(nearest.reduce((x, y) => x + y)).toBeGreaterThan(0.99);
  });

  it('count the more the rarer they are, 1 on average', async () => {
    const prior = [0.7, 0.2, 0.1];
    const { weight } = await evaluate({ prior: host([3], prior) }, ({ prior }) => ({
      weight: rarity(prior, 0.5),
    }));
    const plain = prior.map((p) => 1 / (0.5 * p + 0.5 / 3));
    const mean = plain.reduce((sum, w, i) => sum + w * prior[i], 0);
    expectClose(
      weight,
      plain.map((w) => w / mean),
    );
  });

  it('give their mean back, or the likeliest where it is cold', async () => {
    const scores = host([1, 3], [2, 1, 0]);
    const three = [
      [0, 0],
      [10, 0],
      [0, 10],
    ];
    const at = (temperature: number) =>
      evaluate({ scores }, ({ scores }) => ({ ab: annealedMean(scores, three, temperature) }));
    const e = [2, 1, 0].map(Math.exp);
    const sum = e[0] + e[1] + e[2];
    expectClose((await at(1)).ab, [(10 * e[1]) / sum, (10 * e[2]) / sum]);
    expectClose((await at(0.01)).ab, [0, 0]);
  });
});
