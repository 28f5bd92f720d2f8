/** The light augmentation of masked image modelling: a random resized crop and a flip. He et al. 2021, section 4.1. */
import * as z from 'zod';
import { viewRecipeSchema, type ViewRecipe } from '../views/recipe';

export const cropAndFlipSchema = z.strictObject({
  cropScale: z
    .tuple([z.number().min(0.01).max(1), z.number().min(0.01).max(1)])
    .refine(([low, high]) => low <= high, 'the first must not be above the second')
    .default([0.2, 1])
    .describe('Share of the image area that a random crop takes'),
  flip: z.number().min(0).max(1).default(0.5).describe('Probability of a horizontal flip'),
});

/** The whole image where `cropScale` leaves no choice. */
export function cropAndFlip(
  { cropScale, flip }: z.infer<typeof cropAndFlipSchema>,
  imageSize: number,
): ViewRecipe {
  const crop = cropScale[0] === 1 ? null : { scale: cropScale };
  return viewRecipeSchema.parse({ size: imageSize, crop, flip });
}
