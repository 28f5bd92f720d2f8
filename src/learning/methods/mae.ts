/** MAE: sees a quarter of the patches and paints the rest. He et al. 2021, arXiv 2111.06377. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { permutation } from '../../shared/random';
import { requireViT } from '../backbones/require-vit';
import type { Method, StepInput } from '../method';
import { fromPatches, selection, toPatches } from '../patches';
import { cropAndFlip, cropAndFlipSchema } from './crop-and-flip';
import { maeDecoder } from './mae-decoder';

const optionsSchema = z.strictObject({
  mask: z.number().min(0.05).max(0.95).default(0.75).describe('Share of the patches that are hidden'),
  normPix: z
    .boolean()
    .default(true)
    .describe(
      'Targets are each patch less its mean, by its deviation: contrast within a patch, not its colour',
    ),
  decoder: z
    .strictObject({
      width: z.int().min(4).max(4096).default(512).describe('Width of the decoder; a multiple of its heads'),
      depth: z.int().min(1).max(24).default(8).describe('Transformer blocks of the decoder'),
      heads: z.int().min(1).max(64).default(16).describe('Attention heads of the decoder'),
    })
    .prefault({}),
  views: cropAndFlipSchema.prefault({}),
});
type MaeOptions = z.infer<typeof optionsSchema>;

export const mae: Method<MaeOptions> = {
  id: 'mae',
  title: 'MAE',
  summary: 'Hides three quarters of the patches and learns to paint them from the rest.',
  paper: {
    title: 'Masked Autoencoders Are Scalable Vision Learners',
    url: 'https://arxiv.org/abs/2111.06377',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => [cropAndFlip(views, imageSize)],

  build({ options, encoder: backbone }) {
    const encoder = requireViT(backbone, 'MAE');
    const { patch, grid, width, depth } = encoder;
    const count = grid * grid;
    const visible = Math.max(1, Math.min(count - 1, Math.floor(count * (1 - options.mask))));
    const decoder = maeDecoder(options.decoder, width, grid, 3 * patch * patch);

    const predict = ({ weights, views: [image], draws }: StepInput) => {
      const { classToken, patches } = encoder.embed(weights.encoder, image);
      const kept = selection(draws.kept, count);
      const seen = tf.concat([classToken, tf.matMul(kept, patches)], 1);
      const last = encoder.transform(weights.encoder, seen)[`blocks.${depth - 1}`];
      const tokens = encoder.normalize(weights.encoder, last);
      const hidden = tf.reshape(tf.sub(1, tf.sum(kept, 1)), [-1, count, 1]);
      return { tokens, hidden, predicted: decoder.apply(weights.decoder, { tokens, kept }) };
    };

    return {
      parts: { encoder: encoder.parameters, decoder: decoder.parameters },
      schedules: {},
      draws: {
        kept: {
          shape: [visible],
          dtype: 'int32',
          draw: (source) => permutation(count, source).subarray(0, visible),
        },
      },
      loss(input) {
        const { tokens, hidden, predicted } = predict(input);
        const { target } = targetOf(toPatches(input.views[0], patch), options.normPix);
        const [, seen] = tf.split(tokens, [1, visible], 1);
        return { loss: maskedError(predicted, target, hidden), metrics: {}, embedding: tf.mean(seen, 1) };
      },
      pictures(input) {
        const { hidden, predicted } = predict(input);
        const original = toPatches(input.views[0], patch);
        const { mean, deviation } = targetOf(original, options.normPix);
        const shown = tf.mul(original, tf.sub(1, hidden));
        const painted = tf.add(tf.mul(predicted, deviation), mean);
        const image = (patches: tf.Tensor) => input.rgb.toRgb(fromPatches(patches, patch));
        return {
          original: image(original),
          masked: image(shown),
          reconstruction: image(tf.add(shown, tf.mul(painted, hidden))),
        };
      },
      chanceLoss: options.normPix ? 1 : null,
      collapseAdvice: null,
    };
  },
};

/**
 * What is predicted of each patch: its pixels, or with `normPix` those less their mean, by their deviation (section 4.2;
 * the variance is the unbiased one, as in the paper's code).
 * @param patches [batch, n, values]. @returns target like it; mean and deviation undo it.
 */
function targetOf(patches: tf.Tensor, normPix: boolean) {
  if (!normPix) return { target: patches, mean: tf.scalar(0), deviation: tf.scalar(1) };
  const values = patches.shape[2]!;
  const mean = tf.mean(patches, 2, true);
  const centred = tf.sub(patches, mean);
  const variance = tf.mul(tf.mean(tf.square(centred), 2, true), values / (values - 1));
  const deviation = tf.sqrt(tf.add(variance, 1e-6));
  return { target: tf.div(centred, deviation), mean, deviation };
}

/** Mean squared error over the values of hidden patches. @param hidden [batch, n, 1], 1 where hidden. */
function maskedError(predicted: tf.Tensor, target: tf.Tensor, hidden: tf.Tensor): tf.Tensor {
  const errors = tf.mean(tf.square(tf.sub(predicted, target)), 2, true);
  return tf.div(tf.sum(tf.mul(errors, hidden)), tf.sum(hidden));
}
