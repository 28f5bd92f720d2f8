/** Adam (Kingma & Ba 2015) with an L2 penalty, and AdamW (Loshchilov & Hutter 2019), as torch.optim has them. */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerConfig } from '../../shared/run-config';
import { cosine } from '../schedules';
import { isExempt, type Optimizer } from './optimizer';

type AdamConfig = Extract<OptimizerConfig, { kind: 'adam' }>;
type AdamWConfig = Extract<OptimizerConfig, { kind: 'adamw' }>;

/** The penalty is part of the gradient: g <- g + weightDecay w. */
export function adam(config: AdamConfig): Optimizer {
  const { weightDecay } = config;
  return {
    slots: ['exp_avg', 'exp_avg_sq'],
    scalars: (learningRate, update) => corrections(config, learningRate, update),
    update: ({ weight, gradient, slots }, scalars) => {
      const penalized = weightDecay > 0 ? tf.add(gradient, tf.mul(weight, weightDecay)) : gradient;
      const { move, slots: next } = adamMove(config, penalized, slots, scalars);
      return { weight: tf.sub(weight, move), slots: next };
    },
  };
}

/** Decay is apart from the gradient: w <- (1 - rate weightDecay) w, except for biases and normalizations. */
export function adamw(config: AdamWConfig): Optimizer {
  const { weightDecay, weightDecayEnd } = config;
  const end = weightDecayEnd ?? weightDecay;
  const decays = weightDecay > 0 || end > 0;
  return {
    slots: ['exp_avg', 'exp_avg_sq'],
    scalars: (learningRate, update, done) => ({
      ...corrections(config, learningRate, update),
      retain: 1 - learningRate * cosine(weightDecay, end, done),
    }),
    update: ({ weight, gradient, slots, role }, scalars) => {
      const decayed = decays && !isExempt(role) ? tf.mul(weight, scalars.retain) : weight;
      const { move, slots: next } = adamMove(config, gradient, slots, scalars);
      return { weight: tf.sub(decayed, move), slots: next };
    },
  };
}

interface Moments {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * With c1 = 1 - beta1^t, c2 = 1 - beta2^t, the move rate (m / c1) / (sqrt(v / c2) + epsilon) is
 * stepSize m / (sqrt(v) + epsilonHat) with the two scalars below ("efficient version", section 2 of the paper).
 */
function corrections({ beta1, beta2, epsilon }: Moments, learningRate: number, update: number) {
  const correction1 = 1 - beta1 ** (update + 1);
  const correction2 = Math.sqrt(1 - beta2 ** (update + 1));
  return { stepSize: (learningRate * correction2) / correction1, epsilonHat: epsilon * correction2 };
}

function adamMove(
  { beta1, beta2 }: Moments,
  gradient: tf.Tensor,
  slots: Record<string, tf.Tensor>,
  { stepSize, epsilonHat }: Record<string, tf.Tensor>,
) {
  const mean = tf.add(tf.mul(slots.exp_avg, beta1), tf.mul(gradient, 1 - beta1));
  const square = tf.add(tf.mul(slots.exp_avg_sq, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  const move = tf.mul(tf.div(mean, tf.add(tf.sqrt(square), epsilonHat)), stepSize);
  return { move, slots: { exp_avg: mean, exp_avg_sq: square } };
}
