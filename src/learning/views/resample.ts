/**
 * Crop, resize, mirror, shift and blur of one axis as one matrix an image: all are linear, and all treat rows and
 * columns apart. The view of an image plane X is then R X C^T with a matrix R for rows and C for columns.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Where along an axis a view comes from; each [batch, 1, 1]. */
export interface AxisBox {
  /** First pixel and number of pixels of the box, px of the image; whole numbers. */
  readonly start: tf.Tensor;
  readonly length: tf.Tensor;
  /** 1 mirrors. */
  readonly flip?: tf.Tensor;
  /** Pixels of the view that it moves towards its start, zeros coming in at the other end. */
  readonly shift?: tf.Tensor;
}

/**
 * Antialiased bilinear resampling of the box to `size` pixels, as torchvision's `resized_crop(antialias=True)`: a
 * triangle as wide as the larger of the two pixels, over the pixels of the box only, normalized to sum 1.
 * @param input pixels of the image along the axis.
 * @returns [batch, size, input].
 */
export function resampling({ start, length, flip, shift }: AxisBox, input: number, size: number): tf.Tensor {
  const index = tf.reshape(tf.range(0, size), [1, size, 1]);
  let position = flip ? tf.add(index, tf.mul(flip, tf.sub(size - 1, tf.mul(index, 2)))) : index;
  let inside: tf.Tensor | undefined;
  if (shift) {
    const moved = tf.add(position, shift);
    position = tf.clipByValue(moved, 0, size - 1);
    inside = isBetween(moved, 0, size);
  }
  const scale = tf.div(length, size);
  const inverseSupport = tf.div(1, tf.maximum(scale, 1));
  const centres = tf.add(start, tf.mul(tf.add(position, 0.5), scale));
  const pixels = tf.reshape(tf.range(0, input), [1, 1, input]);
  const inBox = isBetween(pixels, start, tf.add(start, length));
  const distance = tf.abs(
    tf.sub(tf.mul(tf.add(pixels, 0.5), inverseSupport), tf.mul(centres, inverseSupport)),
  );
  const weights = tf.relu(tf.sub(inBox, distance));
  const total = tf.sum(weights, 2, true);
  return tf.mul(weights, inside ? tf.div(inside, total) : tf.div(1, total));
}

/**
 * Gaussian blur along an axis: weights exp(-d^2 / (2 sigma^2)), not cut off, normalized over the pixels there are.
 * @param precision 1 / (2 sigma^2), [batch, 1, 1].
 * @returns [batch, size, size].
 */
export function blurring(precision: tf.Tensor, size: number): tf.Tensor {
  const index = tf.range(0, size);
  const distance = tf.sub(tf.reshape(index, [1, size, 1]), tf.reshape(index, [1, 1, size]));
  const weights = tf.exp(tf.mul(tf.neg(tf.square(distance)), precision));
  return tf.mul(weights, tf.div(1, tf.sum(weights, 2, true)));
}

/** 1 where low <= x < high, else 0; all whole numbers. */
export function isBetween(x: tf.Tensor, low: tf.Tensor | number, high: tf.Tensor | number): tf.Tensor {
  const notBelow = tf.clipByValue(tf.add(tf.sub(x, low), 1), 0, 1);
  const notAbove = tf.clipByValue(tf.sub(high, x), 0, 1);
  return tf.mul(notBelow, notAbove);
}
