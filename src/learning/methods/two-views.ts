/** Two views of an image that may be distorted differently, as BYOL and its kin make them. Grill et al. 2020, table 6. */
import * as z from 'zod';
import { viewRecipeSchema, type ViewRecipe } from '../views/recipe';

const probability = z.number().min(0).max(1);
const each = z.tuple([probability, probability]);

interface TwoViewsDefaults {
  readonly jitter?: [number, number, number, number];
  readonly solarize?: [number, number];
}

/** The options with a method's own defaults; BYOL's where none are given. */
export const twoViewsOptions = ({
  jitter = [0.4, 0.4, 0.2, 0.1],
  solarize = [0, 0.2],
}: TwoViewsDefaults = {}) =>
  z.strictObject({
    cropScale: z
      .tuple([z.number().min(0.01).max(1), z.number().min(0.01).max(1)])
      .refine(([low, high]) => low <= high, 'the first must not be above the second')
      .default([0.08, 1])
      .describe('Share of the image area that a random crop takes'),
    flip: probability.default(0.5).describe('Probability of a horizontal flip'),
    jitter: z
      .tuple([probability, probability, probability, z.number().min(0).max(0.5)])
      .default(jitter)
      .describe('Largest change of brightness, contrast, saturation and hue'),
    jitterProbability: probability.default(0.8).describe('Probability of the colour distortion'),
    grayscale: probability.default(0.2).describe('Probability of a view without colour'),
    blur: each.default([0, 0]).describe('Probability of Gaussian blur, in the first and in the second view'),
    blurSigma: z
      .tuple([z.number().min(0.01).max(10), z.number().min(0.01).max(10)])
      .refine(([low, high]) => low <= high, 'the first must not be above the second')
      .default([0.1, 2])
      .describe('Range of the blur')
      .meta({ unit: 'px' }),
    solarize: each
      .default(solarize)
      .describe('Probability of inverting bright values, in the first and in the second view'),
  });
export const twoViewsSchema = twoViewsOptions();
export type TwoViews = z.infer<typeof twoViewsSchema>;

/** The recipes of the first and the second view. */
export const twoViews = (options: TwoViews, imageSize: number): [ViewRecipe, ViewRecipe] => [
  viewOf(options, imageSize, 0),
  viewOf(options, imageSize, 1),
];

function viewOf(options: TwoViews, size: number, view: 0 | 1): ViewRecipe {
  const [brightness, contrast, saturation, hue] = options.jitter;
  const jitters = options.jitterProbability > 0 && Math.max(...options.jitter) > 0;
  return viewRecipeSchema.parse({
    size,
    crop: { scale: options.cropScale },
    flip: options.flip,
    jitter: jitters
      ? { probability: options.jitterProbability, brightness, contrast, saturation, hue }
      : null,
    grayscale: options.grayscale,
    blur: options.blur[view] > 0 ? { probability: options.blur[view], sigma: options.blurSigma } : null,
    solarize: options.solarize[view],
  });
}
