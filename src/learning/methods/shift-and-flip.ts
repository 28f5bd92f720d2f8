/** The light augmentation of classifiers on small images: a random shift and a flip. He et al. 2015, section 4.2. */
import * as z from 'zod';
import { viewRecipeSchema, type ViewRecipe } from '../views/recipe';

/** Members of a method's options. */
export const shiftAndFlipOptions = {
  padCrop: z
    .int()
    .min(0)
    .max(64)
    .default(4)
    .describe('Random shift of at most this, with zeros moving in')
    .meta({ unit: 'px' }),
  flip: z.number().min(0).max(1).default(0.5).describe('Probability of a horizontal flip'),
};

export const shiftAndFlip = (
  { padCrop, flip }: { padCrop: number; flip: number },
  imageSize: number,
): ViewRecipe => viewRecipeSchema.parse({ size: imageSize, padCrop, flip });
