/** The strong distortion of classifiers with few labels: colour, and a square cut out. Sohn et al. 2020, section 2.3, with a colour distortion in place of RandAugment. */
import * as z from 'zod';
import { shiftAndFlip } from './shift-and-flip';
import { viewRecipeSchema, type ViewRecipe } from '../views/recipe';

const probability = z.number().min(0).max(1);

interface Strength {
  readonly jitter: [number, number, number, number];
  readonly grayscale: number;
  readonly solarize: number;
  readonly mask: number;
}

/** What FixMatch distorts with. */
export const STRONG: Strength = { jitter: [0.8, 0.8, 0.8, 0.2], grayscale: 0.2, solarize: 0.2, mask: 0.5 };
export const NONE: Strength = { jitter: [0, 0, 0, 0], grayscale: 0, solarize: 0, mask: 0 };

/** Options with a method's own defaults. */
export const strongViewOptions = (defaults: Strength) =>
  z.strictObject({
    jitter: z
      .tuple([probability, probability, probability, z.number().min(0).max(0.5)])
      .default(defaults.jitter)
      .describe('Largest change of brightness, contrast, saturation and hue'),
    grayscale: probability.default(defaults.grayscale).describe('Probability of a view without colour'),
    solarize: probability.default(defaults.solarize).describe('Probability of inverting bright values'),
    mask: z
      .number()
      .min(0)
      .max(0.9)
      .default(defaults.mask)
      .describe('Side of the square that is cut out, as a share of the image’s; 0 is none'),
  });

/** A random shift and flip, and the distortion after it; with none of it the shift and flip alone. */
export function strongView(
  weak: Parameters<typeof shiftAndFlip>[0],
  { jitter, grayscale, solarize, mask }: Strength,
  imageSize: number,
): ViewRecipe {
  const [brightness, contrast, saturation, hue] = jitter;
  const isColoured = jitter.some((change) => change > 0);
  return viewRecipeSchema.parse({
    ...shiftAndFlip(weak, imageSize),
    ...(isColoured && { jitter: { probability: 1, brightness, contrast, saturation, hue } }),
    grayscale,
    solarize,
    squareMask: Math.round(mask * imageSize),
  });
}
