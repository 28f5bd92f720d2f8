/** The augmentations of SimCLR and its kin, as one set of options. Chen et al. 2020, section 3 and appendix A. */
import * as z from 'zod';
import { viewRecipeSchema, type ViewRecipe } from '../views/recipe';

const probability = z.number().min(0).max(1);

export const contrastiveViewsSchema = z.strictObject({
  cropScale: z
    .tuple([z.number().min(0.01).max(1), z.number().min(0.01).max(1)])
    .refine(([low, high]) => low <= high, 'the first must not be above the second')
    .default([0.08, 1])
    .describe('Share of the image area that a random crop takes'),
  flip: probability.default(0.5).describe('Probability of a horizontal flip'),
  jitterStrength: z
    .number()
    .min(0)
    .max(1.25)
    .default(0.5)
    .describe(
      'Colour distortion s: brightness, contrast and saturation 0.8 s, hue 0.2 s. The paper takes 1, on CIFAR-10 0.5',
    ),
  jitterProbability: probability.default(0.8).describe('Probability of the colour distortion'),
  grayscale: probability.default(0.2).describe('Probability of a view without colour'),
  blur: probability
    .default(0)
    .describe('Probability of Gaussian blur. The paper takes 0.5, on CIFAR-10 none'),
  solarize: probability.default(0).describe('Probability of inverting bright values'),
});
export type ContrastiveViews = z.infer<typeof contrastiveViewsSchema>;

/** The recipe of one view. */
export function contrastiveViews(options: ContrastiveViews, imageSize: number): ViewRecipe {
  const s = options.jitterStrength;
  return viewRecipeSchema.parse({
    size: imageSize,
    crop: { scale: options.cropScale },
    flip: options.flip,
    jitter:
      s > 0 && options.jitterProbability > 0
        ? {
            probability: options.jitterProbability,
            brightness: 0.8 * s,
            contrast: 0.8 * s,
            saturation: 0.8 * s,
            hue: 0.2 * s,
          }
        : null,
    grayscale: options.grayscale,
    // The paper's blur for a side of 224 px: kernel of 10 % of the side, sigma in [0.1, 2].
    blur: options.blur > 0 ? { probability: options.blur } : null,
    solarize: options.solarize,
  });
}
