/** Colorization: which colours has a grey image? Zhang et al. 2016, arXiv 1603.08511. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import { abBins } from '../color/ab-bins';
import { annealedMean, rarity, softBins } from '../color/ab-coding';
import { labToRgb, rgbToLab } from '../color/lab';
import { constant, parameter } from '../layers/initializers';
import type { Method, StepInput } from '../method';
import { viewRecipeSchema } from '../views/recipe';
import { mapDecoder, type DecodedMap } from './color-decoder';

const optionsSchema = z.strictObject({
  decoder: z
    .int()
    .min(8)
    .max(2048)
    .default(256)
    .describe('Channels of the decoder')
    .meta({ unit: 'channels' }),
  rebalance: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe(
      'How evenly bins count: 1 all alike, near 0 the more the rarer; dull colours are the frequent ones',
    ),
  priorMomentum: z
    .number()
    .min(0)
    .max(1)
    .default(0.99)
    .describe('Share of what was known in how frequent colours are, from step to step'),
  temperature: z
    .number()
    .positive()
    .max(1)
    .default(0.38)
    .describe('Of the pictures: lower is more colourful, higher more cautious'),
  cropScale: z
    .tuple([z.number().min(0.01).max(1), z.number().min(0.01).max(1)])
    .refine(([low, high]) => low <= high, 'the first must not be above the second')
    .default([0.5, 1])
    .describe('Share of the image area that a random crop takes'),
  flip: z.number().min(0).max(1).default(0.5).describe('Probability of a horizontal flip'),
});
export type ColorizationOptions = z.infer<typeof optionsSchema>;

export const colorization: Method<ColorizationOptions> = {
  id: 'colorization',
  title: 'Colorization',
  summary: 'Sees grey images and tells their colours: to know that the sea is blue, know what a sea is.',
  paper: { title: 'Colorful Image Colorization', url: 'https://arxiv.org/abs/1603.08511' },
  options: optionsSchema,
  needsLabels: false,

  views: ({ cropScale, flip }, imageSize) => [
    viewRecipeSchema.parse({ size: imageSize, crop: { scale: cropScale }, flip }),
  ],

  build({ options, encoder }) {
    const bins = abBins();
    const decoder = mapDecoder(encoder, options.decoder, bins.length);

    const see = ({ weights, views: [images], rgb }: StepInput) => {
      const original = rgb.toRgb(images);
      const lightness = lightnessOf(original);
      // The encoder keeps its three channels, all the same: it must take colour images later.
      const grey = tf.add(tf.zerosLike(original), lightness);
      const decoded = decoder.apply(
        { encoder: weights.encoder, decoder: weights.decoder },
        rgb.fromRgb(grey),
      );
      return { original, lightness, grey, decoded };
    };

    return {
      parts: {
        encoder: encoder.parameters,
        decoder: decoder.parameters,
        colors: { prior: parameter([bins.length], 'buffer', constant(1 / bins.length)) },
      },
      schedules: {},
      /** Equations 2 and 3: cross-entropy of the soft bins at every place, weighed by the rarity of the nearest. */
      loss(input) {
        const { original, decoded } = see(input);
        const target = softBins(abAt(original, decoded.side), bins);
        const colors = input.weights.colors;
        const prior = colors.get('prior');
        const nearest = tf.argMax(target, 1);
        const weight = tf.gather(rarity(prior, options.rebalance), nearest);
        const { priorMomentum } = options;
        const frequency = tf.mean(target, 0);
        colors.update('prior', tf.add(tf.mul(prior, priorMomentum), tf.mul(frequency, 1 - priorMomentum)));
        const entropy = tf.neg(tf.sum(tf.mul(tf.logSoftmax(decoded.scores), target), 1));
        const right = tf.cast(tf.equal(tf.argMax(decoded.scores, 1), nearest), 'float32');
        return {
          loss: tf.mean(tf.mul(weight, entropy)),
          metrics: { colorAccuracy: tf.mean(right) },
          embedding: decoded.embedding,
        };
      },
      pictures(input) {
        const { original, lightness, grey, decoded } = see(input);
        const ab = enlarge(annealedMean(decoded.scores, bins, options.temperature), decoded, original);
        const colored = labToRgb(tf.concat([tf.mul(lightness, 100), ab], 3));
        return { 'what it sees': grey, 'what it tells': colored, original };
      },
      chanceLoss: Math.log(bins.length),
      collapseAdvice: null,
    };
  },
};

/** [batch, side, side, 3] RGB to [batch, side, side, 1], L / 100. */
const lightnessOf = (rgb: tf.Tensor): tf.Tensor => tf.div(tf.split(rgbToLab(rgb), [1, 2], 3)[0], 100);

/** a and b of RGB images made smaller. @returns [batch * side * side, 2]. */
function abAt(rgb: tf.Tensor, side: number): tf.Tensor {
  const size = rgb.shape[1]!;
  if (size % side !== 0)
    throw new UserError(
      `Images of ${size} px cannot be averaged to the decoder's ${side} x ${side} places`,
      'Set data.imageSize to a multiple of 32.',
    );
  const small = tf.avgPool(rgb as tf.Tensor4D, size / side, size / side, 'valid');
  return tf.split(tf.reshape(rgbToLab(small), [-1, 3]), [1, 2], 1)[1];
}

/** [batch * side * side, 2] to the size of `images`, each place a square. */
function enlarge(ab: tf.Tensor, { side }: DecodedMap, images: tf.Tensor): tf.Tensor {
  const [batch, size] = images.shape;
  const factor = size / side;
  const places = tf.reshape(ab, [batch * side, 1, side, 1, 2]);
  const squares = tf.add(places, tf.zeros([1, factor, 1, factor, 1]));
  return tf.reshape(squares, [batch, size, size, 2]);
}
