/** Exact GELU, x times the normal distribution function of x. Hendrycks & Gimpel 2016. */
import * as tf from '@tensorflow/tfjs-core';
import { registerComposed, runOwnKernel } from './fused';

/** x / 2 * (1 + erf(x / sqrt 2)), elementwise. */
export function gelu(x: tf.Tensor): tf.Tensor {
  return runOwnKernel('Gelu', { x })[0];
}

const normalCdf = (x: tf.Tensor): tf.Tensor => tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);

registerComposed('Gelu', ({ x }) => [tf.mul(x, normalCdf(x))]);

registerComposed('GeluGrad', ({ dy, x }) => {
  const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return [tf.mul(dy, tf.add(normalCdf(x), tf.mul(x, density)))];
});

tf.registerGradient({
  kernelName: 'Gelu',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => {
    const [dx] = runOwnKernel('GeluGrad', { dy: dy as tf.Tensor, x });
    return { x: () => dx };
  },
});
