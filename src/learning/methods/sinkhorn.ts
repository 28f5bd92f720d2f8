/** Codes that use all prototypes alike: Sinkhorn-Knopp's iteration. Cuturi 2013; Caron et al. 2020 (SwAV), equations 3 to 5. */
import * as tf from '@tensorflow/tfjs-core';

export interface SinkhornOptions {
  /** Divides the scores: the lower, the harder the codes. */
  readonly epsilon: number;
  readonly iterations: number;
}

/** What sums are at least: a prototype or a row of which nothing is left divides by no zero. */
const TINY = 1e-30;

/**
 * exp(scores / epsilon), scaled by turns so that each column sums to the same and each row to 1. The rows are last, so
 * they hold exactly. No gradient is meant to pass.
 * @param scores [n, K], cosines. @param counts [n, 1]: 0 for rows that are left out, else 1; their codes are 0.
 * @returns [n, K].
 */
export function sinkhorn(
  scores: tf.Tensor,
  { epsilon, iterations }: SinkhornOptions,
  counts?: tf.Tensor,
): tf.Tensor {
  const scaled = tf.div(scores, epsilon);
  const all = tf.exp(tf.sub(scaled, tf.max(scaled)));
  let codes = counts ? tf.mul(all, counts) : all;
  for (let i = 0; i < iterations; i++) {
    codes = tf.div(codes, tf.maximum(tf.sum(codes, 0, true), TINY));
    codes = tf.div(codes, tf.maximum(tf.sum(codes, 1, true), TINY));
  }
  return codes;
}
