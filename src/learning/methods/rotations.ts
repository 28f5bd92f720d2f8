/** Images turned by quarters, inside the step. */
import * as tf from '@tensorflow/tfjs-core';

/** What a turn by 0, 90, 180 and 270 degrees, counter-clockwise, is numbered. */
export const TURNS = 4;

/**
 * @param images [batch, side, side, channels].
 * @returns [4 batch, side, side, channels]: all upright, then all turned by 90, 180 and 270 degrees.
 */
export function allTurns(images: tf.Tensor): tf.Tensor {
  const transposed = tf.transpose(images, [0, 2, 1, 3]);
  return tf.concat(
    [images, tf.reverse(transposed, 1), tf.reverse(images, [1, 2]), tf.reverse(transposed, 2)],
    0,
  );
}

/** Each image turned by its own number of quarters. @param quarters [batch], int32, 0 or more. */
export function turnedBy(images: tf.Tensor, quarters: tf.Tensor): tf.Tensor {
  const [batch, ...shape] = images.shape;
  const chosen = tf.transpose(tf.oneHot(tf.mod(quarters, tf.scalar(TURNS, 'int32')), TURNS));
  const turns = tf.reshape(allTurns(images), [TURNS, batch, ...shape]);
  return tf.sum(tf.mul(turns, tf.reshape(tf.cast(chosen, 'float32'), [TURNS, batch, 1, 1, 1])), 0);
}

/** [4 batch], int32: the turns that `allTurns` makes. */
export const turnLabels = (batch: number): tf.Tensor =>
  tf.tensor(
    Array.from({ length: TURNS * batch }, (_, i) => Math.floor(i / batch)),
    [TURNS * batch],
    'int32',
  );
