/**
 * Batch normalization over all axes but the last, with optional residual and ReLU in the same kernel:
 * y = act((x - mean) / sqrt(variance + epsilon) * scale + offset + residual). Ioffe & Szegedy 2015.
 */
import * as tf from '@tensorflow/tfjs-core';
import { registerComposed, runOwnKernel } from './fused';

export interface BatchNormAttrs {
  readonly epsilon: number;
  readonly relu: boolean;
  readonly hasResidual: boolean;
}

export interface BatchNormOptions {
  readonly epsilon?: number;
  readonly relu?: boolean;
  /** Added before the ReLU; same shape as x. */
  readonly residual?: tf.Tensor;
}

/**
 * Normalizes by the statistics of the batch.
 * @param x [..., channels]; scale and offset [channels].
 * @returns y like x; mean and variance [channels], the variance biased (divided by n). No gradient flows through
 * the returned statistics.
 */
export function batchNormTraining(
  x: tf.Tensor,
  scale: tf.Tensor,
  offset: tf.Tensor,
  { epsilon = 1e-5, relu = false, residual }: BatchNormOptions = {},
): { y: tf.Tensor; mean: tf.Tensor; variance: tf.Tensor } {
  const attrs: BatchNormAttrs = { epsilon, relu, hasResidual: residual !== undefined };
  const [y, mean, variance] = runOwnKernel('BatchNormTraining', { x, scale, offset, residual }, attrs);
  return { y, mean, variance };
}

/** Normalizes by given statistics, both [channels]: an affine map per channel. */
export function batchNormInference(
  x: tf.Tensor,
  scale: tf.Tensor,
  offset: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  { epsilon = 1e-5, relu = false, residual }: BatchNormOptions = {},
): tf.Tensor {
  const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
  let y = tf.add(tf.mul(x, factor), tf.sub(offset, tf.mul(mean, factor)));
  if (residual) y = tf.add(y, residual);
  return relu ? tf.relu(y) : y;
}

const leadingAxes = (x: tf.Tensor): number[] => Array.from({ length: x.rank - 1 }, (_, axis) => axis);

registerComposed('BatchNormTraining', ({ x, scale, offset, residual }, { epsilon, relu }: BatchNormAttrs) => {
  const { mean, variance } = tf.moments(x, leadingAxes(x));
  return [batchNormInference(x, scale, offset, mean, variance, { epsilon, relu, residual }), mean, variance];
});

registerComposed(
  'BatchNormTrainingGrad',
  ({ dy, x, y, scale, mean, variance }, { epsilon, relu }: BatchNormAttrs) => {
    const axes = leadingAxes(x);
    const n = x.size / x.shape[x.rank - 1];
    const dResidual = relu ? tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32')) : tf.clone(dy);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const normalized = tf.mul(tf.sub(x, mean), inverse);
    const dOffset = tf.sum(dResidual, axes);
    const dScale = tf.sum(tf.mul(dResidual, normalized), axes);
    const centred = tf.sub(dResidual, tf.add(tf.div(dOffset, n), tf.mul(normalized, tf.div(dScale, n))));
    return [tf.mul(centred, tf.mul(scale, inverse)), dScale, dOffset, dResidual];
  },
);

tf.registerGradient({
  kernelName: 'BatchNormTraining',
  inputsToSave: ['x', 'scale'],
  outputsToSave: [true, true, true],
  gradFunc: (dys, saved, attrs) => {
    const [x, scale, y, mean, variance] = saved;
    const dy = (dys as tf.Tensor[])[0];
    const [dx, dScale, dOffset, dResidual] = runOwnKernel(
      'BatchNormTrainingGrad',
      { dy, x, y, scale, mean, variance },
      attrs,
    );
    return {
      x: () => dx,
      scale: () => dScale,
      offset: () => dOffset,
      ...((attrs as unknown as BatchNormAttrs).hasResidual && { residual: () => dResidual }),
    };
  },
});
