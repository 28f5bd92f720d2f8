import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import '../../../src/engine';
import { applyViews, sampleViews, VIEW_PARAMETER_COUNT, viewRecipeSchema } from '../../../src/learning/views';
import { VIEW_PARAMETERS } from '../../../src/learning/views/parameters';
import { sampleView } from '../../../src/learning/views/sample';
import { random } from '../../../src/shared/random';
import { values } from '../../golden/formula';
import { referenceView, untouched, type ViewRow } from './reference';

const MEAN = [0.48, 0.45, 0.4];
const STD = [0.25, 0.24, 0.26];
const NEUTRAL = { mean: [0, 0, 0], std: [1, 1, 1] };

/** All parts in use, so that every branch is in the graph. */
const everything = viewRecipeSchema.parse({
  size: 12,
  crop: {},
  padCrop: 3,
  flip: 0.5,
  jitter: { brightness: 0.8, contrast: 0.8, saturation: 0.8, hue: 0.5 },
  grayscale: 0.3,
  blur: { probability: 0.5 },
  solarize: 0.4,
  squareMask: 4,
});

const imageValues = (name: string, side: number, count = 1) =>
  values(name, count * side * side * 3).map((v) => (v + 1) / 2);

const toRow = (p: ViewRow) => VIEW_PARAMETERS.map((name) => p[name]);

function view(
  image: Float32Array,
  side: number,
  rows: ArrayLike<number>,
  recipe: z.infer<typeof viewRecipeSchema>,
  { mean, std } = NEUTRAL,
): Float32Array {
  const batch = image.length / (side * side * 3);
  return tf.tidy(() => {
    const images = tf.tensor(image, [batch, side, side, 3]);
    const parameters = tf.tensor(Float32Array.from(rows), [batch, VIEW_PARAMETER_COUNT]);
    const result = applyViews(images, parameters, recipe, mean, std);
    expect(result.shape).toEqual([batch, recipe.size, recipe.size, 3]);
    return result.dataSync<'float32'>();
  });
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));
};

beforeAll(() => tf.setBackend('cpu'));

describe('applyViews', () => {
  it('returns the image, normalized, for a recipe that does nothing', () => {
    const image = imageValues('identity', 8);
    expect([...view(image, 8, toRow(untouched(8)), viewRecipeSchema.parse({ size: 8 }))]).toEqual([...image]);
    const normalized = view(image, 8, toRow(untouched(8)), viewRecipeSchema.parse({ size: 8 }), {
      mean: MEAN,
      std: STD,
    });
    const wanted = image.map((v, i) => (v - MEAN[i % 3]) / STD[i % 3]);
    expect(largestDifference(normalized, wanted)).toBeLessThan(1e-6);
  });

  it('changes nothing by parts that were not drawn', () => {
    const image = imageValues('identity', 12);
    const recipe = { ...everything, squareMask: 0 };
    expect(largestDifference(view(image, 12, toRow(untouched(12)), recipe), image)).toBeLessThan(1e-6);
  });

  it('mirrors left and right', () => {
    const image = imageValues('flip', 8);
    const flipped = view(
      image,
      8,
      toRow({ ...untouched(8), flip: 1 }),
      viewRecipeSchema.parse({ size: 8, flip: 0.5 }),
    );
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++)
        for (let c = 0; c < 3; c++) expect(flipped[(y * 8 + x) * 3 + c]).toBe(image[(y * 8 + 7 - x) * 3 + c]);
  });

  it('shifts with zeros coming in', () => {
    const image = imageValues('shift', 8);
    const shifted = view(
      image,
      8,
      toRow({ ...untouched(8), shiftY: 2, shiftX: -1 }),
      viewRecipeSchema.parse({ size: 8, padCrop: 2 }),
    );
    expect(shifted[0]).toBe(0);
    expect(shifted[3]).toBe(image[2 * 8 * 3]);
    expect([...shifted.slice(6 * 8 * 3)].every((v) => v === 0)).toBe(true);
  });

  it('blurs an impulse into a Gaussian', () => {
    const side = 33;
    const sigma = 1.5;
    const image = new Float32Array(side * side * 3);
    image.fill(1, (16 * side + 16) * 3, (16 * side + 16) * 3 + 3);
    const row = toRow({ ...untouched(side), blur: 1 / (2 * sigma * sigma) });
    const blurred = view(image, side, row, viewRecipeSchema.parse({ size: side, blur: {} }));
    for (const [dy, dx] of [
      [0, 0],
      [0, 1],
      [2, 3],
      [5, 0],
    ]) {
      const density = Math.exp(-(dy * dy + dx * dx) / (2 * sigma * sigma)) / (2 * Math.PI * sigma * sigma);
      expect(blurred[((16 + dy) * side + 16 + dx) * 3]).toBeCloseTo(density, 6);
    }
    expect(blurred.reduce((sum, v) => sum + v, 0)).toBeCloseTo(3, 5);
  });

  it('agrees with loops over pixels for any drawn parameters, all parts in use', () => {
    const side = 10;
    const count = 24;
    const image = imageValues('everything', side, count);
    const rows = Array.from({ length: count }, (_, i) =>
      sampleView(everything, side, random(5, 'views', 0, i)),
    );
    const actual = view(image, side, rows.flatMap(toRow), everything, { mean: MEAN, std: STD });
    const step = side * side * 3;
    const expected = rows.flatMap((p, i) =>
      referenceView(image.subarray(i * step, (i + 1) * step), side, p, everything, MEAN, STD),
    );
    // Values reach +-2 after normalization.
    expect(largestDifference(actual, expected)).toBeLessThan(2e-5);
  });

  it('turns the hue of greys, of pure and of mixed colours alike', () => {
    const levels = [0, 0.25, 1];
    const colors = levels.flatMap((r) => levels.flatMap((g) => levels.map((b) => [r, g, b])));
    const side = 8;
    const image = Float32Array.from(
      { length: side * side * 3 },
      (_, i) => colors[Math.floor(i / 3) % 27][i % 3],
    );
    const recipe = viewRecipeSchema.parse({
      size: side,
      jitter: { brightness: 0, contrast: 0, saturation: 0, hue: 0.5 },
    });
    for (const hue of [-0.5, -1 / 3, -0.01, 0, 0.2, 0.5]) {
      const row = { ...untouched(side), hue };
      const expected = referenceView(image, side, row, recipe, NEUTRAL.mean, NEUTRAL.std);
      expect(largestDifference(view(image, side, toRow(row), recipe), expected)).toBeLessThan(2e-6);
    }
  });

  it('makes the same view of an image whatever else is in the batch', () => {
    const side = 12;
    const three = imageValues('batch', side, 3);
    const step = side * side * 3;
    const place = { seed: 1, epoch: 4, view: 1 };
    const together = view(
      three,
      side,
      sampleViews(everything, side, { ...place, images: [7, 70, 700] }),
      everything,
    );
    const alone = view(
      three.slice(step, 2 * step),
      side,
      sampleViews(everything, side, { ...place, images: [70] }),
      everything,
    );
    expect([...together.slice(step, 2 * step)]).toEqual([...alone]);
  });
});

describe('applyViews against torchvision (tests/golden/make_golden_views.py)', () => {
  const golden = z
    .object({
      side: z.int(),
      size: z.int(),
      cases: z.record(
        z.string(),
        z.object({
          parameters: z.partialRecord(z.enum(VIEW_PARAMETERS), z.number()),
          output: z.array(z.number()),
        }),
      ),
    })
    .parse(JSON.parse(readFileSync(new URL('../../golden/views.json', import.meta.url), 'utf8')));

  it.each(Object.entries(golden.cases))('%s', (_, { parameters, output }) => {
    const image = imageValues('view', golden.side);
    const row = toRow({ ...untouched(golden.side), ...parameters });
    const recipe = { ...everything, size: golden.size, squareMask: 0 };
    // All parts are in the graph at their neutral values: their rounding adds up.
    expect(largestDifference(view(image, golden.side, row, recipe), output)).toBeLessThan(3e-6);
  });
});
