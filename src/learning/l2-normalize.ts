/** Vectors to unit length, for cosine similarities. */
import * as tf from '@tensorflow/tfjs-core';

/** Keeps the gradient finite at the zero vector; invisible in float32 beside any norm above 0.01. */
const EPSILON = 1e-12;

/** [n, d] to the same shape, each row divided by its Euclidean norm. */
export const l2Normalize = (x: tf.Tensor): tf.Tensor =>
  tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), 1, true), EPSILON)));
