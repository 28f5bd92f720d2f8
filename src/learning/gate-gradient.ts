/** Lets a tensor's gradient through, or not, by a number of the moment: layers that start frozen. */
import * as tf from '@tensorflow/tfjs-core';
import { stopGradient } from '../engine';

/**
 * x itself; its gradient is multiplied by `gate`.
 * @param gate scalar, 0 or 1.
 */
export const gateGradient = (x: tf.Tensor, gate: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(x, gate), tf.mul(stopGradient(x), tf.sub(1, gate)));
