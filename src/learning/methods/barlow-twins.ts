/** Barlow Twins: each number of an embedding agrees between two views, and says what no other number says. Zbontar et al. 2021, arXiv 2103.03230. */
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { mlpHead } from '../heads';
import type { Method } from '../method';
import { twoViews, twoViewsSchema } from './two-views';

const width = z.int().min(1).max(16_384);

const optionsSchema = z.strictObject({
  lambda: z
    .number()
    .min(0)
    .max(1)
    .default(0.0051)
    .describe('Weight of each entry off the diagonal against one on it'),
  scale: z
    .number()
    .positive()
    .max(10)
    .default(0.1)
    .describe('Factor of the whole loss, for the optimizer: its code takes 0.024, CIFAR-10 runs 0.1'),
  projector: z
    .strictObject({
      hidden: width.default(2048).describe('Width of the two hidden layers'),
      out: width
        .min(2)
        .default(2048)
        .describe('Length of the vectors: the longer the better, says the paper'),
    })
    .prefault({}),
  views: twoViewsSchema.prefault({}),
});
export type BarlowTwinsOptions = z.infer<typeof optionsSchema>;

export const barlowTwins: Method<BarlowTwinsOptions> = {
  id: 'barlow-twins',
  title: 'Barlow Twins',
  summary: 'Makes the correlations between the embeddings of two views the identity; no negatives.',
  paper: {
    title: 'Barlow Twins: Self-Supervised Learning via Redundancy Reduction',
    url: 'https://arxiv.org/abs/2103.03230',
  },
  options: optionsSchema,
  needsLabels: false,

  views: ({ views }, imageSize) => twoViews(views, imageSize),

  build({ options: { lambda, scale, projector: head }, encoder }) {
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
        const { invariance, redundancy } = crossCorrelation(z[0], z[1]);
        const loss = tf.mul(tf.add(invariance, tf.mul(redundancy, lambda)), scale);
        return { loss, metrics: { invariance, redundancy }, embedding: tf.concat(z, 0) };
      },
      // Nothing correlates: every entry on the diagonal is off by 1.
      chanceLoss: scale * head.out,
    };
  },
};

/** Of batch normalization, which the published code takes for standardizing. */
const EPSILON = 1e-5;

/**
 * Equations 1 and 2. C is the correlation over the batch of each number of a with each of b; invariance the sum of
 * (C_ii - 1)^2, redundancy that of C_ij^2 over i != j.
 * @param a [batch, d]. @param b [batch, d].
 */
export function crossCorrelation(
  a: tf.Tensor,
  b: tf.Tensor,
): { invariance: tf.Tensor; redundancy: tf.Tensor } {
  const [left, right] = [standardize(a), standardize(b)];
  const diagonal = tf.mean(tf.mul(left, right), 0);
  const all = tf.div(tf.matMul(left, right, true, false), a.shape[0]);
  return {
    invariance: tf.sum(tf.square(tf.sub(diagonal, 1))),
    redundancy: tf.sub(tf.sum(tf.square(all)), tf.sum(tf.square(diagonal))),
  };
}

/** Each column with mean 0 and deviation 1 over the batch. */
function standardize(x: tf.Tensor): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, 0, true));
  const variance = tf.mean(tf.square(centred), 0, true);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, EPSILON)));
}
