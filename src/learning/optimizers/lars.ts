/** Layer-wise adaptive rate scaling for large batches. You, Gitman, Ginsburg 2017 (arXiv 1708.03888), eq. 6. */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerConfig } from '../../shared/run-config';
import { isExempt, type Optimizer } from './optimizer';

type LarsConfig = Extract<OptimizerConfig, { kind: 'lars' }>;

/**
 * d = trust |w| / (|g| + weightDecay |w|) (g + weightDecay w);  v <- momentum v + d;  w <- w - rate v.
 * Biases and normalizations take d = g. Where |w| or |g| is 0 the factor is 1. As in SGD here, the rate is
 * outside the momentum.
 */
export function lars({ momentum, trust, weightDecay }: LarsConfig): Optimizer {
  return {
    slots: ['momentum_buffer'],
    scalars: (learningRate) => ({ learningRate }),
    update({ weight, gradient, slots, role }, { learningRate }) {
      const direction = isExempt(role) ? gradient : adapted(weight, gradient, trust, weightDecay);
      const velocity = tf.add(tf.mul(slots.momentum_buffer, momentum), direction);
      return {
        weight: tf.sub(weight, tf.mul(velocity, learningRate)),
        slots: { momentum_buffer: velocity },
      };
    },
  };
}

function adapted(weight: tf.Tensor, gradient: tf.Tensor, trust: number, weightDecay: number): tf.Tensor {
  const weightNorm = norm(weight);
  const gradientNorm = norm(gradient);
  const factor = tf.div(
    tf.mul(weightNorm, trust),
    tf.maximum(tf.add(gradientNorm, tf.mul(weightNorm, weightDecay)), 1e-38),
  );
  const bothPositive = tf.greater(tf.minimum(weightNorm, gradientNorm), 0);
  const penalized = weightDecay > 0 ? tf.add(gradient, tf.mul(weight, weightDecay)) : gradient;
  return tf.mul(penalized, tf.where(bothPositive, factor, tf.onesLike(factor)));
}

/** Euclidean norm, shape []. */
const norm = (x: tf.Tensor): tf.Tensor => tf.sqrt(tf.sum(tf.square(x)));
