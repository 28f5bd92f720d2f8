/** MoCo v3: a view finds, among all images of the batch, what a slowly moving copy makes of its other view. Chen, Xie, He 2021, arXiv 2104.02057. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import type { Backbone } from '../backbones';
import { mlpHead } from '../heads';
import { l2Normalize } from '../l2-normalize';
import type { Method, PartWeights } from '../method';
import { cosine } from '../schedules';
import { twoViews, twoViewsSchema } from './two-views';

const width = z.int().min(1).max(16_384);

const optionsSchema = z.strictObject({
  temperature: z
    .number()
    .min(0.01)
    .max(10)
    .default(0.2)
    .describe('Divides the cosine similarities. The paper takes 0.2 for ViTs and 1 for ResNet-50'),
  projector: z
    .strictObject({
      hidden: width.default(4096).describe('Width of the hidden layers'),
      out: width.min(2).default(256).describe('Length of the vectors that are compared'),
    })
    .prefault({}),
  predictor: z
    .strictObject({ hidden: width.default(4096).describe('Width of the hidden layer') })
    .prefault({}),
  momentum: z
    .tuple([z.number().min(0).max(1), z.number().min(0).max(1)])
    .default([0.99, 1])
    .describe('Momentum of the key network at the start and at the end, along half a cosine'),
  views: twoViewsSchema.prefault({}),
});
export type MocoV3Options = z.infer<typeof optionsSchema>;

export const mocoV3: Method<MocoV3Options> = {
  id: 'moco-v3',
  title: 'MoCo v3',
  summary: 'Finds an image’s other view among the batch, as a slowly moving copy of the network sees it.',
  paper: {
    title: 'An Empirical Study of Training Self-Supervised Vision Transformers',
    url: 'https://arxiv.org/abs/2104.02057',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => twoViews(views, imageSize),

  build({ options, encoder, batchSize }) {
    const { temperature, momentum } = options;
    if (batchSize < 2)
      throw new UserError(
        'MoCo v3 compares the images of a batch, and batchSize is 1',
        'Set batchSize to at least 2; hundreds are usual.',
      );
    const { projector, predictor } = heads(options, encoder);
    const project = (weights: PartWeights, view: tf.Tensor) =>
      projector.apply(weights.projector, encoder.apply(weights.encoder, view));
    return {
      parts: {
        encoder: encoder.parameters,
        projector: projector.parameters,
        predictor: predictor.parameters,
      },
      teacher: {
        parts: ['encoder', 'projector'],
        momentum: ({ step, totalSteps }) => cosine(...momentum, step / totalSteps),
        evaluated: false,
      },
      schedules: {},
      loss({ weights, teacher, views }) {
        const q = views.map((view) => predictor.apply(weights.predictor, project(weights, view)));
        const k = views.map((view) => project(teacher, view));
        const [first, second] = [contrast(q[0], k[1], temperature), contrast(q[1], k[0], temperature)];
        return {
          loss: tf.add(first.loss, second.loss),
          metrics: { pairAccuracy: tf.mul(tf.add(first.accuracy, second.accuracy), 0.5) },
          embedding: tf.concat(q, 0),
        };
      },
      chanceLoss: 4 * temperature * Math.log(batchSize),
    };
  },
};

/** The published code's: with a ViT, one more layer in the projector and batch normalization after the predictor. */
function heads({ projector, predictor }: MocoV3Options, encoder: Backbone) {
  const isVit = encoder.kind === 'vit';
  const hidden = isVit ? [projector.hidden, projector.hidden] : [projector.hidden];
  return {
    projector: mlpHead({
      sizes: [encoder.featureSize, ...hidden, projector.out],
      batchNorm: true,
      outputNorm: true,
    }),
    predictor: mlpHead({
      sizes: [projector.out, predictor.hidden, projector.out],
      batchNorm: true,
      outputNorm: isVit,
      outputBias: false,
    }),
  };
}

/**
 * Equation 1 and algorithm 1: 2 T times the cross-entropy of finding query i's own key i among all keys of the batch.
 * @param q [batch, d]. @param k [batch, d], no gradient.
 * @returns two scalars: the loss, and the share of queries whose most similar key is their own.
 */
export function contrast(
  q: tf.Tensor,
  k: tf.Tensor,
  temperature: number,
): { loss: tf.Tensor; accuracy: tf.Tensor } {
  const images = q.shape[0];
  const own = tf.range(0, images, 1, 'int32');
  const logits = tf.div(tf.matMul(l2Normalize(q), l2Normalize(k), false, true), temperature);
  const logProbability = tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(own, images)), 1);
  const found = tf.equal(tf.argMax(logits, 1), own);
  return {
    loss: tf.mul(tf.mean(logProbability), -2 * temperature),
    accuracy: tf.mean(tf.cast(found, 'float32')),
  };
}
