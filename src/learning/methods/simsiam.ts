/** SimSiam: one view predicts the other, whose vector is taken as given; no negatives, no second network. Chen & He 2020, arXiv 2011.10566. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { stopGradient } from '../../engine';
import { mlpHead } from '../heads';
import { l2Normalize } from '../l2-normalize';
import type { Method } from '../method';
import { twoViews, twoViewsOptions } from './two-views';

const width = z.int().min(1).max(16_384);

const optionsSchema = z.strictObject({
  projector: z
    .strictObject({
      hidden: width.default(2048).describe('Width of the hidden layers'),
      out: width.min(2).default(2048).describe('Length of the vectors that are compared'),
      layers: z.int().min(1).max(4).default(3).describe('Linear layers. The paper takes 3, on CIFAR-10 2'),
    })
    .prefault({}),
  predictor: z
    .strictObject({
      hidden: width.default(512).describe('Width of the hidden layer: a bottleneck, a quarter of the output'),
    })
    .prefault({}),
  views: twoViewsOptions({ jitter: [0.4, 0.4, 0.4, 0.1], solarize: [0, 0] }).prefault({}),
});
export type SimsiamOptions = z.infer<typeof optionsSchema>;

export const simsiam: Method<SimsiamOptions> = {
  id: 'simsiam',
  title: 'SimSiam',
  summary: 'Predicts one view from the other, stopping the gradient at what is predicted; no negatives.',
  paper: {
    title: 'Exploring Simple Siamese Representation Learning',
    url: 'https://arxiv.org/abs/2011.10566',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => twoViews(views, imageSize),

  build({ options: { projector: head, predictor: prediction }, encoder }) {
    const hidden = Array.from({ length: head.layers - 1 }, () => head.hidden);
    const projector = mlpHead({
      sizes: [encoder.featureSize, ...hidden, head.out],
      batchNorm: true,
      outputNorm: true,
    });
    const predictor = mlpHead({ sizes: [head.out, prediction.hidden, head.out], batchNorm: true });
    return {
      parts: {
        encoder: encoder.parameters,
        projector: projector.parameters,
        predictor: predictor.parameters,
      },
      schedules: {},
      loss({ weights, views }) {
        const z = views.map((view) =>
          projector.apply(weights.projector, encoder.apply(weights.encoder, view)),
        );
        const p = z.map((vectors) => predictor.apply(weights.predictor, vectors));
        const both = tf.add(distance(p[0], z[1]), distance(p[1], z[0]));
        return { loss: tf.mul(both, 0.5), metrics: {}, embedding: tf.concat(z, 0) };
      },
      chanceLoss: 0,
      collapseAdvice:
        'a lower learning rate, and a predictor that is narrower than what it predicts (options.predictor.hidden)',
    };
  },
};

/**
 * Equations 1 and 3, mean over the batch: the negative cosine of p and z, with no gradient to z. -1 is agreement.
 * @param p [batch, d]. @param z [batch, d].
 */
export function distance(p: tf.Tensor, z: tf.Tensor): tf.Tensor {
  const target = l2Normalize(stopGradient(z));
  return tf.neg(tf.mean(tf.sum(tf.mul(l2Normalize(p), target), 1)));
}
