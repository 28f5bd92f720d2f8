/** A view recipe: which crops and distortions one view of an image goes through. Plain data, part of a method. */
import * as z from 'zod';

const probability = z.number().min(0).max(1);
const range = (low: number, high: number) =>
  z
    .tuple([z.number().min(low).max(high), z.number().min(low).max(high)])
    .refine(([a, b]) => a <= b, 'low above high');

export const viewRecipeSchema = z
  .strictObject({
    /** What people see above it; left out where a number says as much. */
    name: z.string().optional(),
    /** Side of the view, px. */
    size: z.int().min(8).max(512),
    crop: z
      .strictObject({
        scale: range(0.01, 1).default([0.08, 1]).describe('Share of the image area'),
        ratio: range(0.1, 10)
          .default([3 / 4, 4 / 3])
          .describe('Width / height'),
      })
      .nullable()
      .default(null)
      .describe('Random resized crop; null takes the whole image'),
    /** Random crop after zero padding, as supervised CIFAR training does. */
    padCrop: z
      .int()
      .min(0)
      .max(64)
      .default(0)
      .describe('Random shift after zero padding')
      .meta({ unit: 'px' }),
    flip: probability.default(0).describe('Horizontal flip'),
    jitter: z
      .strictObject({
        probability: probability.default(0.8),
        brightness: z.number().min(0).max(1).default(0.4),
        contrast: z.number().min(0).max(1).default(0.4),
        saturation: z.number().min(0).max(1).default(0.4),
        hue: z.number().min(0).max(0.5).default(0.1),
      })
      .nullable()
      .default(null),
    grayscale: probability.default(0),
    blur: z
      .strictObject({ probability: probability.default(0.5), sigma: range(0.01, 10).default([0.1, 2]) })
      .nullable()
      .default(null)
      .describe('Gaussian blur; sigma in px of the view'),
    solarize: probability.default(0).describe('Invert values of 0.5 and above'),
    /** One square of zeros of this side at a random place; 0 is none. */
    squareMask: z.int().min(0).max(512).default(0).meta({ unit: 'px' }),
  })
  .refine(({ size, squareMask }) => squareMask <= size, {
    message: 'larger than the view',
    path: ['squareMask'],
  });
export type ViewRecipe = z.infer<typeof viewRecipeSchema>;
