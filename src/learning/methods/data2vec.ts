/** data2vec for images: predicts what a moving copy makes of the whole image. Baevski et al. 2022, arXiv 2202.03555. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { layerNorm } from '../../engine';
import { UserError } from '../../shared/errors';
import { patchesOf } from '../backbones/pool';
import { requireViT } from '../backbones/require-vit';
import { normal, parameter } from '../layers/initializers';
import { transformerLinear } from '../layers/linear';
import type { Method } from '../method';
import { collect } from '../module';
import { fromPatches, toPatches } from '../patches';
import { blockMaskDraw, blockMaskSchema } from './block-mask';
import { cropAndFlip, cropAndFlipSchema } from './crop-and-flip';

const optionsSchema = z.strictObject({
  layers: z.int().min(1).max(48).default(6).describe('Last blocks of the teacher whose mean is predicted'),
  beta: z
    .number()
    .positive()
    .max(100)
    .default(2)
    .describe('Errors below this count squared, those above by their size (smooth L1)'),
  momentum: z
    .tuple([z.number().min(0).max(1), z.number().min(0).max(1)])
    .default([0.999, 0.9998])
    .describe('Momentum of the teacher at the start and at the end, along a straight line'),
  mask: blockMaskSchema.prefault({ share: 0.6 }),
  views: cropAndFlipSchema.prefault({}),
});
type Data2vecOptions = z.infer<typeof optionsSchema>;

export const data2vec: Method<Data2vecOptions> = {
  id: 'data2vec',
  title: 'data2vec',
  summary: 'Predicts, where patches are hidden, what a slowly moving copy makes of the whole image.',
  paper: {
    title: 'data2vec: A General Framework for Self-supervised Learning in Speech, Vision and Language',
    url: 'https://arxiv.org/abs/2202.03555',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => [cropAndFlip(views, imageSize)],

  build({ options, encoder: backbone }) {
    const encoder = requireViT(backbone, 'data2vec');
    const { width, depth, grid } = encoder;
    if (options.layers > depth)
      throw new UserError(
        `options.layers is ${options.layers}, and the encoder has ${depth} blocks`,
        `Set options.layers to ${depth} or less, or backbone.depth to more.`,
        'usage',
      );
    const head = transformerLinear(width, width);
    const [start, end] = options.momentum;
    const lastBlocks = Array.from({ length: options.layers }, (_, i) => `blocks.${depth - 1 - i}`);

    return {
      parts: {
        encoder: encoder.parameters,
        predictor: {
          mask_token: parameter([1, 1, width], 'weight', normal(0.02)),
          ...collect({ head: head.parameters }),
        },
      },
      teacher: {
        parts: ['encoder'],
        momentum: ({ step, totalSteps }) => start + ((end - start) * step) / totalSteps,
        evaluated: false,
      },
      draws: { mask: blockMaskDraw(options.mask, grid) },
      schedules: {},
      loss({ weights, teacher, views: [image], draws: { mask } }) {
        const seen = encoder.features(teacher.encoder, image);
        const target = targetOf(lastBlocks.map((name) => patchesOf(seen[name])));

        const hidden = { mask, token: weights.predictor.get('mask_token') };
        const { classToken, patches } = encoder.embed(weights.encoder, image, hidden);
        const blocks = encoder.transform(weights.encoder, tf.concat([classToken, patches], 1));
        const tokens = patchesOf(encoder.normalize(weights.encoder, blocks[`blocks.${depth - 1}`]));
        const predicted = weights.predictor.apply('head', head, tokens);

        const isHidden = tf.reshape(mask, [-1, grid * grid, 1]);
        return {
          loss: overHidden(tf.mean(smoothL1(tf.sub(predicted, target), options.beta), 2, true), isHidden),
          metrics: {
            targetVariance: tf.mean(varianceOverHidden(target, isHidden)),
            predictionVariance: tf.mean(varianceOverHidden(predicted, isHidden)),
          },
          embedding: tf.mean(tokens, 1),
        };
      },
      pictures: ({ views: [image], draws: { mask }, rgb }) => {
        const shown = tf.sub(1, tf.reshape(mask, [-1, grid * grid, 1]));
        const masked = fromPatches(tf.mul(toPatches(image, encoder.patch), shown), encoder.patch);
        return { original: rgb.toRgb(image), masked: rgb.toRgb(masked) };
      },
      chanceLoss: null,
    };
  },
};

/** Section 3.3: the mean of the blocks' outputs, each normalized at each place, and normalized again. */
function targetOf(blocks: readonly tf.Tensor[]): tf.Tensor {
  const sum = blocks.map(standardize).reduce((a, b) => tf.add(a, b));
  return standardize(tf.div(sum, blocks.length));
}

/** Layer normalization without scale and offset. */
function standardize(x: tf.Tensor): tf.Tensor {
  const width = x.shape[2]!;
  return layerNorm(x, tf.ones([width]), tf.zeros([width]), 1e-5);
}

/** Equation 2, elementwise: x^2 / (2 beta) up to beta, |x| - beta / 2 above. */
function smoothL1(x: tf.Tensor, beta: number): tf.Tensor {
  const near = tf.clipByValue(x, -beta, beta);
  return tf.mul(tf.mul(near, tf.sub(x, tf.mul(near, 0.5))), 1 / beta);
}

/** Mean over the hidden places of all images: of [batch, n, 1] a scalar. */
const overHidden = (x: tf.Tensor, hidden: tf.Tensor): tf.Tensor =>
  tf.div(tf.sum(tf.mul(x, hidden)), tf.sum(hidden));

/** Of [batch, n, width], [width]: the variance of each number over the hidden places of all images. */
function varianceOverHidden(x: tf.Tensor, hidden: tf.Tensor): tf.Tensor {
  const share = tf.div(hidden, tf.sum(hidden));
  const mean = tf.sum(tf.mul(x, share), [0, 1]);
  return tf.sum(tf.mul(tf.square(tf.sub(x, mean)), share), [0, 1]);
}
