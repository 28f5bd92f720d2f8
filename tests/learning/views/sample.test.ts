import { describe, expect, it } from 'vitest';
import { sampleViews, VIEW_PARAMETER_COUNT, viewRecipeSchema } from '../../../src/learning/views';
import { VIEW_PARAMETERS, type ViewParameter } from '../../../src/learning/views/parameters';

const COUNT = 4000;
const SIDE = 32;
const recipe = viewRecipeSchema.parse({
  size: 24,
  crop: { scale: [0.2, 1] },
  padCrop: 4,
  flip: 0.5,
  jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.8, hue: 0.2 },
  grayscale: 0.2,
  blur: { probability: 0.5, sigma: [0.1, 2] },
  solarize: 0.1,
  squareMask: 16,
});
const place = { seed: 3, epoch: 2, images: Array.from({ length: COUNT }, (_, i) => i), view: 0 };
const rows = sampleViews(recipe, SIDE, place);

const column = (name: ViewParameter, from = rows): number[] =>
  Array.from(
    { length: from.length / VIEW_PARAMETER_COUNT },
    (_, i) => from[i * VIEW_PARAMETER_COUNT + VIEW_PARAMETERS.indexOf(name)],
  );
const share = (values: number[], test: (v: number) => boolean) => values.filter(test).length / values.length;
/** Within four standard deviations of a binomial share. */
const expectShare = (actual: number, wanted: number) =>
  expect(Math.abs(actual - wanted)).toBeLessThan(4 * Math.sqrt((wanted * (1 - wanted)) / COUNT));
const extent = (values: number[]) => [Math.min(...values), Math.max(...values)];

describe('sampleViews', () => {
  it('draws the same again, and other values for another seed, epoch or view', () => {
    expect(sampleViews(recipe, SIDE, place)).toEqual(rows);
    for (const other of [{ seed: 4 }, { epoch: 3 }, { view: 1 }])
      expect(column('left', sampleViews(recipe, SIDE, { ...place, ...other }))).not.toEqual(column('left'));
  });

  it('draws for an image what it draws for it alone', () => {
    expect(sampleViews(recipe, SIDE, { ...place, images: [17] })).toEqual(
      rows.slice(17 * VIEW_PARAMETER_COUNT, 18 * VIEW_PARAMETER_COUNT),
    );
  });

  it('keeps boxes in the image, of the area and shape asked for', () => {
    const [top, left, height, width] = (['top', 'left', 'height', 'width'] as const).map((n) => column(n));
    const areas = height.map((h, i) => (h * width[i]) / (SIDE * SIDE));
    for (let i = 0; i < COUNT; i++) {
      expect(top[i]).toBeGreaterThanOrEqual(0);
      expect(top[i] + height[i]).toBeLessThanOrEqual(SIDE);
      expect(left[i]).toBeGreaterThanOrEqual(0);
      expect(left[i] + width[i]).toBeLessThanOrEqual(SIDE);
    }
    // Sides are rounded to whole pixels.
    expect(extent(areas)[0]).toBeGreaterThan(0.18);
    expect(extent(areas)[1]).toBeGreaterThan(0.97);
    expect(areas.reduce((sum, a) => sum + a, 0) / COUNT).toBeCloseTo(0.58, 1);
    expect(extent(width.map((w, i) => w / height[i]))[0]).toBeGreaterThan(0.69);
  });

  it('falls back to the largest centred box where no try fits', () => {
    const wide = viewRecipeSchema.parse({ size: 8, crop: { scale: [1, 1], ratio: [2, 2] } });
    const drawn = sampleViews(wide, SIDE, { ...place, images: [0] });
    expect([...drawn.slice(0, 4)]).toEqual([8, 0, 16, 32]);
  });

  it('applies each part as often, and as strongly, as asked', () => {
    expectShare(
      share(column('flip'), (v) => v === 1),
      0.5,
    );
    expectShare(
      share(column('grayscale'), (v) => v === 1),
      0.2,
    );
    expectShare(
      share(column('solarize'), (v) => v === 1),
      0.1,
    );
    expectShare(
      share(column('brightness'), (v) => v !== 1),
      0.8,
    );
    const sigmas = column('blur')
      .filter((v) => v < 1e4)
      .map((v) => Math.sqrt(1 / (2 * v)));
    expectShare(sigmas.length / COUNT, 0.5);
    const ranges: [number[], number, number][] = [
      [sigmas, 0.1, 2],
      [column('brightness'), 0.6, 1.4],
      [column('saturation'), 0.2, 1.8],
      [column('hue'), -0.2, 0.2],
    ];
    for (const [drawn, low, high] of ranges) {
      const [least, most] = extent(drawn);
      const slack = (high - low) / 100;
      expect(least).toBeGreaterThanOrEqual(low - 1e-6);
      expect(least).toBeLessThan(low + slack);
      expect(most).toBeLessThanOrEqual(high + 1e-6);
      expect(most).toBeGreaterThan(high - slack);
    }
    expect(extent(column('shiftX'))).toEqual([-4, 4]);
  });

  it('puts the mask anywhere inside the view', () => {
    expect(extent(column('maskTop'))).toEqual([0, 8]);
    expect(extent(column('maskLeft'))).toEqual([0, 8]);
  });
});

describe('viewRecipeSchema', () => {
  it('refuses a mask larger than the view', () => {
    expect(() => viewRecipeSchema.parse({ size: 8, squareMask: 9 })).toThrow('larger than the view');
  });
});
