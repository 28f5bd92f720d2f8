/** Layer normalization over the last axis. Ba et al. 2016. */
import * as tf from '@tensorflow/tfjs-core';
import { registerComposed, runOwnKernel } from './fused';

export interface LayerNormAttrs {
  readonly epsilon: number;
}

/**
 * @param x [..., width]; scale and offset [width].
 * @returns like x: (x - mean) / sqrt(variance + epsilon) * scale + offset, per position.
 */
export function layerNorm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon = 1e-6): tf.Tensor {
  return runOwnKernel('LayerNorm', { x, scale, offset }, { epsilon })[0];
}

registerComposed('LayerNorm', ({ x, scale, offset }, { epsilon }: LayerNormAttrs) => {
  const { mean, variance } = tf.moments(x, -1, true);
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  return [tf.add(tf.mul(tf.mul(tf.sub(x, mean), inverse), scale), offset), mean, inverse];
});

registerComposed('LayerNormGrad', ({ dy, x, scale, mean, inverse }) => {
  const leading = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
  const normalized = tf.mul(tf.sub(x, mean), inverse);
  const dNormalized = tf.mul(dy, scale);
  const projection = tf.mul(normalized, tf.mean(tf.mul(dNormalized, normalized), -1, true));
  const dx = tf.mul(tf.sub(tf.sub(dNormalized, tf.mean(dNormalized, -1, true)), projection), inverse);
  return [dx, tf.sum(tf.mul(dy, normalized), leading), tf.sum(dy, leading)];
});

tf.registerGradient({
  kernelName: 'LayerNorm',
  inputsToSave: ['x', 'scale'],
  outputsToSave: [false, true, true],
  gradFunc: (dys, saved, attrs) => {
    const [x, scale, mean, inverse] = saved;
    const dy = (dys as tf.Tensor[])[0];
    const [dx, dScale, dOffset] = runOwnKernel('LayerNormGrad', { dy, x, scale, mean, inverse }, attrs);
    return { x: () => dx, scale: () => dScale, offset: () => dOffset };
  },
});
