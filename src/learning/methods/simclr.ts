/**
 * SimCLR: two views of an image agree, views of different images do not. Chen et al. 2020, arXiv 2002.05709. With
 * `loss` "dcl", decoupled contrastive learning: Yeh et al. 2021, arXiv 2110.06848.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import { mlpHead } from '../heads';
import { l2Normalize } from '../l2-normalize';
import type { Method } from '../method';
import { contrastiveViews, contrastiveViewsSchema } from './contrastive-views';

const optionsSchema = z.strictObject({
  loss: z
    .enum(['nt-xent', 'dcl'])
    .default('nt-xent')
    .describe(
      'What the right pair is compared with: all pairs of a view (nt-xent), or the wrong ones alone (dcl), which suits small batches',
    ),
  temperature: z
    .number()
    .min(0.01)
    .max(10)
    .default(0.5)
    .describe('Divides the cosine similarities: the lower, the more the hardest negatives count'),
  projector: z
    .strictObject({
      hidden: z.int().min(1).max(16_384).default(2048).describe('Width of the hidden layers'),
      out: z.int().min(2).max(16_384).default(128).describe('Length of the vectors that are compared'),
      layers: z.int().min(1).max(4).default(2).describe('Linear layers'),
      batchNorm: z.boolean().default(true).describe('Batch normalization in the hidden layers'),
    })
    .prefault({}),
  views: contrastiveViewsSchema.prefault({}),
});
export type SimclrOptions = z.infer<typeof optionsSchema>;

export const simclr: Method<SimclrOptions> = {
  id: 'simclr',
  title: 'SimCLR',
  summary: 'Pulls two views of an image together and pushes all other images of the batch away.',
  paper: {
    title: 'A Simple Framework for Contrastive Learning of Visual Representations',
    url: 'https://arxiv.org/abs/2002.05709',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => {
    const view = contrastiveViews(views, imageSize);
    return [view, view];
  },

  build({ options: { loss: kind, temperature, projector: head }, encoder, batchSize }) {
    if (batchSize < 2)
      throw new UserError(
        'SimCLR compares the images of a batch, and batchSize is 1',
        'Set batchSize to at least 2; hundreds are usual.',
      );
    const hidden = Array.from({ length: head.layers - 1 }, () => head.hidden);
    const projector = mlpHead({
      sizes: [encoder.featureSize, ...hidden, head.out],
      batchNorm: head.batchNorm,
    });
    return {
      parts: { encoder: encoder.parameters, projector: projector.parameters },
      schedules: {},
      loss({ weights, views }) {
        const h = encoder.apply(weights.encoder, tf.concat([...views], 0));
        const z = projector.apply(weights.projector, h);
        const { loss, accuracy } = contrast(z, temperature, kind);
        return { loss, metrics: { pairAccuracy: accuracy }, embedding: z };
      },
      chanceLoss: Math.log(2 * batchSize - (kind === 'dcl' ? 2 : 1)),
    };
  },
};

/** Stands for minus infinity among the logits: exp of it is 0, and it survives arithmetic. */
const NEVER = -1e9;

/**
 * The mean over all 2N views i of -log( exp(s_ij / T) / sum over k of exp(s_ik / T) ), where j is the other view of the
 * same image and s the cosine similarity. k goes over all views but i: normalized temperature-scaled cross-entropy,
 * equation 1 of the paper; or over all but i and j: equation 6 of DCL.
 *
 * @param z [2N, d]: the first views of N images, then their second views in the same order.
 * @returns two scalars: the loss, and the share of views whose most similar view is their other one.
 */
export function contrast(
  z: tf.Tensor,
  temperature: number,
  kind: SimclrOptions['loss'],
): { loss: tf.Tensor; accuracy: tf.Tensor } {
  const views = z.shape[0];
  const images = views / 2;
  const self = tf.range(0, views, 1, 'int32');
  const other = tf.concat([tf.range(images, views, 1, 'int32'), tf.range(0, images, 1, 'int32')]);
  const isOther = tf.oneHot(other, views);

  const unit = l2Normalize(z);
  const similarity = tf.matMul(unit, unit, false, true);
  const logits = tf.add(tf.div(similarity, temperature), tf.oneHot(self, views, NEVER, 0));

  const found = tf.equal(tf.argMax(logits, 1), other);
  const compared = kind === 'dcl' ? tf.add(logits, tf.mul(isOther, NEVER)) : logits;
  const positive = tf.sum(tf.mul(logits, isOther), 1);
  return {
    loss: tf.mean(tf.sub(tf.logSumExp(compared, 1), positive)),
    accuracy: tf.mean(tf.cast(found, 'float32')),
  };
}
