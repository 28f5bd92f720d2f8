/** VICReg: embeddings of two views agree, vary over the batch, and have numbers that do not vary together. Bardes et al. 2021, arXiv 2105.04906. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import { mlpHead } from '../heads';
import type { Method } from '../method';
import { twoViews, twoViewsSchema } from './two-views';

const width = z.int().min(1).max(16_384);
const weight = z.number().min(0).max(1000);

const optionsSchema = z.strictObject({
  invariance: weight.default(25).describe('Weight of the squared distance of the two views'),
  variance: weight.default(25).describe('Weight of what deviations lack to 1'),
  covariance: weight.default(1).describe('Weight of the squared covariances'),
  varianceTerms: z
    .enum(['mean', 'sum'])
    .default('mean')
    .describe(
      'How the variance terms of the two views are put together: the published code and lightly take the mean, the paper’s formula and solo-learn the sum',
    ),
  projector: z
    .strictObject({
      hidden: width.default(2048).describe('Width of the two hidden layers'),
      out: width.min(2).default(2048).describe('Length of the vectors'),
    })
    .prefault({}),
  views: twoViewsSchema.prefault({}),
});
export type VicregOptions = z.infer<typeof optionsSchema>;

export const vicreg: Method<VicregOptions> = {
  id: 'vicreg',
  title: 'VICReg',
  summary: 'Keeps the variance of every number of the embedding up while two views agree; no negatives.',
  paper: {
    title: 'VICReg: Variance-Invariance-Covariance Regularization for Self-Supervised Learning',
    url: 'https://arxiv.org/abs/2105.04906',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => twoViews(views, imageSize),

  build({ options, encoder, batchSize }) {
    const { projector: head, varianceTerms } = options;
    if (batchSize < 2)
      throw new UserError(
        'VICReg takes variances over the images of a batch, and batchSize is 1',
        'Set batchSize to at least 2; hundreds are usual.',
      );
    const projector = mlpHead({
      sizes: [encoder.featureSize, head.hidden, head.hidden, head.out],
      batchNorm: true,
      outputBias: false,
    });
    return {
      parts: { encoder: encoder.parameters, projector: projector.parameters },
      schedules: {},
      loss({ weights, views }) {
        const z = views.map((view) =>
          projector.apply(weights.projector, encoder.apply(weights.encoder, view)),
        );
        const invariance = tf.mean(tf.square(tf.sub(z[0], z[1])));
        const [first, second] = z.map(regularize);
        const variances = tf.add(first.variance, second.variance);
        const variance = varianceTerms === 'mean' ? tf.mul(variances, 0.5) : variances;
        const covariance = tf.add(first.covariance, second.covariance);
        const terms = { invariance, variance, covariance };
        // Equation 6.
        const loss = tf.add(
          tf.add(tf.mul(invariance, options.invariance), tf.mul(variance, options.variance)),
          tf.mul(covariance, options.covariance),
        );
        return { loss, metrics: terms, embedding: tf.concat(z, 0) };
      },
      chanceLoss: null,
      collapseAdvice: 'a higher options.variance against options.invariance, or a lower learning rate',
    };
  },
};

/** Keeps the slope of the root finite at variance 0. */
const EPSILON = 1e-4;

/**
 * Equations 1 to 4, of one view. Variance: mean over the d numbers of max(0, 1 - sqrt(Var + 1e-4)). Covariance: the
 * sum over i != j of Cov_ij^2, divided by d. Both are unbiased, divided by n - 1.
 * @param z [n, d].
 */
export function regularize(z: tf.Tensor): { variance: tf.Tensor; covariance: tf.Tensor } {
  const [n, d] = z.shape;
  const centred = tf.sub(z, tf.mean(z, 0, true));
  const variances = tf.div(tf.sum(tf.square(centred), 0), n - 1);
  const deviations = tf.sqrt(tf.add(variances, EPSILON));
  const covariances = tf.div(tf.matMul(centred, centred, true, false), n - 1);
  const offDiagonal = tf.sub(tf.sum(tf.square(covariances)), tf.sum(tf.square(variances)));
  return {
    variance: tf.mean(tf.relu(tf.sub(1, deviations))),
    covariance: tf.div(offDiagonal, d),
  };
}
