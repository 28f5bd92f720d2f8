/** BYOL: one view predicts what a slowly moving copy of the network makes of the other. Grill et al. 2020, arXiv 2006.07733. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { tap } from '../backbones/tap';
import { linearHead, mlpHead } from '../heads';
import { l2Normalize } from '../l2-normalize';
import type { Method } from '../method';
import type { Module, Weights } from '../module';
import { cosine } from '../schedules';
import { twoViews, twoViewsSchema } from './two-views';

const width = z.int().min(1).max(16_384);

const optionsSchema = z.strictObject({
  layer: z
    .string()
    .default('embedding')
    .describe('What is learnt from: "embedding", or a hidden layer by its name, e.g. layer3 or blocks.8'),
  projector: z
    .strictObject({
      hidden: width.default(4096).describe('Width of the hidden layer'),
      out: width.min(2).default(256).describe('Length of the vectors that are compared'),
    })
    .prefault({}),
  predictor: z
    .strictObject({
      kind: z
        .enum(['mlp', 'linear', 'none'])
        .default('mlp')
        .describe('Shape: as the projector, one linear map, or none, which with a low momentum collapses'),
      hidden: width.default(4096).describe('Width of the hidden layer of mlp'),
    })
    .prefault({}),
  momentum: z
    .tuple([z.number().min(0).max(1), z.number().min(0).max(1)])
    .default([0.99, 1])
    .describe('Momentum of the target network at the start and at the end, along half a cosine'),
  views: twoViewsSchema.prefault({}),
});
export type ByolOptions = z.infer<typeof optionsSchema>;

export const byol: Method<ByolOptions> = {
  id: 'byol',
  title: 'BYOL',
  summary:
    'Predicts from one view what a slowly moving copy of the network makes of the other; no negatives.',
  paper: {
    title: 'Bootstrap Your Own Latent: A New Approach to Self-Supervised Learning',
    url: 'https://arxiv.org/abs/2006.07733',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => twoViews(views, imageSize),

  build({ options, encoder }) {
    const { projector: head, predictor: prediction } = options;
    const features = tap(encoder, options.layer);
    const projector = mlpHead({ sizes: [features.size, head.hidden, head.out], batchNorm: true });
    const predictor = predictorOf(prediction, head.out);
    const [start, end] = options.momentum;

    const project = (weights: Readonly<Record<string, Weights>>, view: tf.Tensor) =>
      projector.apply(weights.projector, features.apply(weights.encoder, view));

    return {
      parts: {
        encoder: encoder.parameters,
        projector: projector.parameters,
        predictor: predictor.parameters,
      },
      teacher: {
        parts: ['encoder', 'projector'],
        momentum: ({ step, totalSteps }) => cosine(start, end, step / totalSteps),
        evaluated: false,
      },
      schedules: {},
      loss({ weights, teacher, views }) {
        const online = views.map((view) => project(weights, view));
        const target = views.map((view) => project(teacher, view));
        const predicted = online.map((z) => predictor.apply(weights.predictor, z));
        const losses = [regression(predicted[0], target[1]), regression(predicted[1], target[0])];
        return { loss: tf.add(losses[0], losses[1]), metrics: {}, embedding: tf.concat(online, 0) };
      },
      chanceLoss: 4,
      collapseAdvice:
        'a momentum of the target nearer to 1 and a predictor of kind mlp (options.momentum, options.predictor.kind)',
    };
  },
};

function predictorOf({ kind, hidden }: ByolOptions['predictor'], size: number): Module {
  switch (kind) {
    case 'mlp':
      return mlpHead({ sizes: [size, hidden, size], batchNorm: true });
    case 'linear':
      return linearHead(size, size);
    case 'none':
      return { parameters: {}, apply: (_, z) => z };
    default:
      return kind satisfies never;
  }
}

/**
 * Equation 2, mean over the batch: the squared distance of the vectors at unit length, 2 - 2 cos. 0 is agreement, 2
 * chance.
 * @param predicted [batch, d]. @param target [batch, d].
 */
export function regression(predicted: tf.Tensor, target: tf.Tensor): tf.Tensor {
  const similarity = tf.sum(tf.mul(l2Normalize(predicted), l2Normalize(target)), 1);
  return tf.mean(tf.sub(2, tf.mul(similarity, 2)));
}
