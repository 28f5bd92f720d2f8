/** Images as rows of patches and back, and patches chosen by number. */
import * as tf from '@tensorflow/tfjs-core';

/** [batch, side, side, c] to [batch, patches, patch * patch * c]: row after row, values in the order (row, column, channel). */
export function toPatches(images: tf.Tensor, patch: number): tf.Tensor {
  const [batch, side, , channels] = images.shape as [number, number, number, number];
  const grid = side / patch;
  const cut = tf.reshape(images, [batch * grid, patch, grid, patch * channels]);
  return tf.reshape(tf.transpose(cut, [0, 2, 1, 3]), [batch, grid * grid, patch * patch * channels]);
}

/** The inverse of `toPatches`. */
export function fromPatches(patches: tf.Tensor, patch: number): tf.Tensor {
  const [batch, count, values] = patches.shape as [number, number, number];
  const grid = Math.sqrt(count);
  const channels = values / (patch * patch);
  const cut = tf.reshape(patches, [batch * grid, grid, patch, patch * channels]);
  return tf.reshape(tf.transpose(cut, [0, 2, 1, 3]), [batch, grid * patch, grid * patch, channels]);
}

/**
 * The matrix that takes some of the patches: times [batch, count, d] it gives [batch, chosen, d], and its transpose puts
 * those back in their places, zeros between. A product, not a gather: its gradient is a product too.
 * @param ids [batch, chosen], int32. @returns [batch, chosen, count].
 */
export const selection = (ids: tf.Tensor, count: number): tf.Tensor => tf.oneHot(ids, count, 1, 0, 'float32');
