/**
 * Views of different sizes in one step: two large crops and several small ones of each image. Caron et al. 2020 (SwAV),
 * section 3.2; distortions as in DINO.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import type { Backbone } from '../backbones';
import { viewRecipeSchema, type ViewRecipe } from '../views/recipe';

const probability = z.number().min(0).max(1);
const share = z
  .tuple([z.number().min(0.01).max(1), z.number().min(0.01).max(1)])
  .refine(([low, high]) => low <= high, 'the first must not be above the second');

interface MultiCropDefaults {
  readonly globalScale: [number, number];
  readonly locals: number;
  readonly localScale: [number, number];
  readonly jitter: [number, number, number, number];
  /** In the first and second global crop, and in local ones. */
  readonly solarize: [number, number, number];
}

/** The options with a method's own defaults. */
export const multiCropOptions = (defaults: MultiCropDefaults) =>
  z.strictObject({
    globalScale: share
      .default(defaults.globalScale)
      .describe('Share of the image area that each of the two global crops takes'),
    locals: z.int().min(0).max(16).default(defaults.locals).describe('Local crops of an image'),
    localScale: share
      .default(defaults.localScale)
      .describe('Share of the image area that a local crop takes'),
    localSize: z
      .int()
      .min(8)
      .max(512)
      .nullable()
      .default(null)
      .describe('Side of a local crop; null takes half of the image size. A ViT needs whole patches')
      .meta({ unit: 'px' }),
    flip: probability.default(0.5).describe('Probability of a horizontal flip'),
    jitter: z
      .tuple([probability, probability, probability, z.number().min(0).max(0.5)])
      .default(defaults.jitter)
      .describe('Largest change of brightness, contrast, saturation and hue'),
    jitterProbability: probability.default(0.8).describe('Probability of the colour distortion'),
    grayscale: probability.default(0.2).describe('Probability of a view without colour'),
    blur: z
      .tuple([probability, probability, probability])
      .default([0, 0, 0])
      .describe('Probability of Gaussian blur in the first and second global crop, and in local ones'),
    blurSigma: z
      .tuple([z.number().min(0.01).max(10), z.number().min(0.01).max(10)])
      .refine(([low, high]) => low <= high, 'the first must not be above the second')
      .default([0.1, 2])
      .describe('Range of the blur')
      .meta({ unit: 'px' }),
    solarize: z
      .tuple([probability, probability, probability])
      .default(defaults.solarize)
      .describe(
        'Probability of inverting bright values in the first and second global crop, and in local ones',
      ),
  });
export type MultiCrop = z.infer<ReturnType<typeof multiCropOptions>>;

/** Caron et al. 2021, appendix C. */
export const DINO_CROPS: MultiCropDefaults = {
  globalScale: [0.4, 1],
  locals: 8,
  localScale: [0.05, 0.4],
  jitter: [0.4, 0.4, 0.2, 0.1],
  solarize: [0, 0.2, 0],
};

/** Views 0 and 1 are the global crops; the others are local. */
export const GLOBALS = 2;

/** The recipes of the global crops, then of the local ones. */
export function multiCrop(options: MultiCrop, imageSize: number): ViewRecipe[] {
  const localSize = localSizeOf(options, imageSize);
  return [
    { ...crop(options, imageSize, options.globalScale, 0), name: 'Global crop 1' },
    { ...crop(options, imageSize, options.globalScale, 1), name: 'Global crop 2' },
    ...Array.from({ length: options.locals }, (_, i) => ({
      ...crop(options, localSize, options.localScale, 2),
      name: `Local crop ${i + 1}`,
    })),
  ];
}

const localSizeOf = ({ localSize }: MultiCrop, imageSize: number): number =>
  localSize ?? Math.round(imageSize / 2);

/** @throws UserError where a ViT cannot cut local crops into patches. */
export function requireWholePatches(options: MultiCrop, encoder: Backbone): void {
  if (encoder.kind !== 'vit' || options.locals === 0) return;
  const side = localSizeOf(options, encoder.imageSize);
  if (side % encoder.patch === 0) return;
  const below = Math.max(1, Math.floor(side / encoder.patch)) * encoder.patch;
  throw new UserError(
    `Local crops of ${side} px cannot be cut into patches of ${encoder.patch} px`,
    `Set options.views.localSize to a multiple of ${encoder.patch}, such as ${below}.`,
  );
}

function crop(options: MultiCrop, size: number, scale: [number, number], kind: 0 | 1 | 2): ViewRecipe {
  const [brightness, contrast, saturation, hue] = options.jitter;
  const jitters = options.jitterProbability > 0 && Math.max(...options.jitter) > 0;
  return viewRecipeSchema.parse({
    size,
    crop: { scale },
    flip: options.flip,
    jitter: jitters
      ? { probability: options.jitterProbability, brightness, contrast, saturation, hue }
      : null,
    grayscale: options.grayscale,
    blur: options.blur[kind] > 0 ? { probability: options.blur[kind], sigma: options.blurSigma } : null,
    solarize: options.solarize[kind],
  });
}

/**
 * Views that have the same size go through `encode` as one batch, so that batch normalization sees them together.
 * @param views [batch, side, side, 3] each; those of the same side stand beside each other.
 * @param encode [n, side, side, 3] to [n, d].
 * @returns [views * batch, d], view after view.
 */
export function encodeBySize(
  views: readonly tf.Tensor[],
  encode: (images: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const groups: tf.Tensor[][] = [];
  for (const view of views) {
    const group = groups.at(-1);
    if (group && group[0].shape[1] === view.shape[1]) group.push(view);
    else groups.push([view]);
  }
  const encoded = groups.map((group) => encode(joined(group)));
  return joined(encoded);
}

const joined = (tensors: readonly tf.Tensor[]): tf.Tensor =>
  tensors.length === 1 ? tensors[0] : tf.concat([...tensors], 0);
