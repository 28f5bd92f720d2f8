/** Stochastic gradient descent with momentum, as torch.optim.SGD. Sutskever et al. 2013. */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerConfig } from '../../shared/run-config';
import type { Moved, Optimizer } from './optimizer';

type SgdConfig = Extract<OptimizerConfig, { kind: 'sgd' }>;

/**
 * d = g + weightDecay w;  v <- momentum v + d;  w <- w - rate v, or w - rate (d + momentum v) with Nesterov.
 * Unlike Sutskever's form, the rate is outside the momentum, so a change of rate acts at once.
 */
export function sgd({ momentum, nesterov, weightDecay }: SgdConfig): Optimizer {
  return {
    slots: momentum > 0 ? ['momentum_buffer'] : [],
    scalars: (learningRate) => ({ learningRate }),
    update({ weight, gradient, slots }, { learningRate }): Moved {
      const direction = weightDecay > 0 ? tf.add(gradient, tf.mul(weight, weightDecay)) : gradient;
      if (momentum === 0) return { weight: tf.sub(weight, tf.mul(direction, learningRate)), slots: {} };
      const velocity = tf.add(tf.mul(slots.momentum_buffer, momentum), direction);
      const move = nesterov ? tf.add(direction, tf.mul(velocity, momentum)) : velocity;
      return {
        weight: tf.sub(weight, tf.mul(move, learningRate)),
        slots: { momentum_buffer: velocity },
      };
    },
  };
}
