/** Colours as shares of bins, and shares of bins as colours. Zhang et al. 2016, section 2. */
import * as tf from '@tensorflow/tfjs-core';

/** Width of a colour among the bins, in units of a and b. */
const SIGMA = 5;

/**
 * Each colour spread over the bins in proportion to exp(-distance^2 / (2 sigma^2)), sigma 5. The paper keeps the 10
 * nearest bins; beyond them lies about 0.2 % of the whole.
 * @param ab [n, 2]. @returns [n, bins], rows of sum 1.
 */
export function softBins(ab: tf.Tensor, bins: readonly (readonly number[])[]): tf.Tensor {
  const centres = tf.tensor(bins.flat(), [bins.length, 2]);
  const size = tf.tensor(bins.map(([a, b]) => -(a * a + b * b) / (2 * SIGMA ** 2)));
  // The colour's own length is the same for all bins, and cancels.
  const product = tf.matMul(tf.div(ab, SIGMA ** 2), centres, false, true);
  return tf.softmax(tf.add(product, size));
}

/**
 * Equation 4: how much a bin counts, the more the rarer it is; 1 on average over colours as frequent as `prior` says.
 * @param prior [bins], sum 1. @param uniform share lambda of the uniform distribution that it is mixed with.
 */
export function rarity(prior: tf.Tensor, uniform: number): tf.Tensor {
  const weight = tf.div(1, tf.add(tf.mul(prior, 1 - uniform), uniform / prior.size));
  return tf.div(weight, tf.sum(tf.mul(prior, weight)));
}

/**
 * Equation 5, the annealed mean: between the most likely bin (temperature 0) and the mean of all (1).
 * @param scores [n, bins]. @returns [n, 2].
 */
export const annealedMean = (
  scores: tf.Tensor,
  bins: readonly (readonly number[])[],
  temperature: number,
): tf.Tensor => tf.matMul(tf.softmax(tf.div(scores, temperature)), tf.tensor(bins.flat(), [bins.length, 2]));
