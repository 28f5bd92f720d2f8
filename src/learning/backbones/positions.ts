/** Position embeddings of patches: fixed ones, and learned ones for another number of patches than they were made for. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Bicubic along both axes, as torch.nn.functional.interpolate(mode="bicubic", align_corners=False), which DINO's and
 * timm's ViTs use; the same linear map at every step, so gradients flow through it.
 * @param positions [1, from^2, width]. @returns [1, to^2, width].
 */
export function resizePositions(positions: tf.Tensor, from: number, to: number): tf.Tensor {
  if (from === to) return positions;
  const width = positions.shape[2]!;
  const matrix = tf.tensor(bicubicMatrix(from, to), [to, from]);
  const rows = tf.matMul(matrix, tf.reshape(positions, [from, from * width]));
  const turned = tf.reshape(tf.transpose(tf.reshape(rows, [to, from, width]), [1, 0, 2]), [from, to * width]);
  const both = tf.reshape(tf.matMul(matrix, turned), [to, to, width]);
  return tf.reshape(tf.transpose(both, [1, 0, 2]), [1, to * to, width]);
}

/** Row i of [to, from] holds the weights of each old place in new place i; places over the edge are the edge's. */
export function bicubicMatrix(from: number, to: number): Float32Array {
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const center = ((i + 0.5) * from) / to - 0.5;
    const left = Math.floor(center);
    for (let tap = left - 1; tap <= left + 2; tap++) {
      const place = Math.min(from - 1, Math.max(0, tap));
      matrix[i * from + place] += cubic(Math.abs(center - tap));
    }
  }
  return matrix;
}

/** Keys's kernel with a = -0.75, as PyTorch has it. */
function cubic(distance: number): number {
  const a = -0.75;
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  if (distance < 2) return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  return 0;
}

/**
 * Fixed position embeddings of a square grid, [1, grid^2, width], row after row: the first half of `width` tells the
 * column, the second the row, each as sines then cosines of position / 10000^(i / (width / 4)). He et al. 2021, as the
 * code of MAE has them.
 * @param width a multiple of 4.
 */
export function sinCosPositions(grid: number, width: number): tf.Tensor {
  const quarter = width / 4;
  const half = (place: number) => {
    const angles = Array.from({ length: quarter }, (_, i) => place / 10_000 ** (i / quarter));
    return [...angles.map(Math.sin), ...angles.map(Math.cos)];
  };
  const rows = Array.from({ length: grid * grid }, (_, i) => [
    ...half(i % grid),
    ...half(Math.floor(i / grid)),
  ]);
  return tf.tensor(rows.flat(), [1, grid * grid, width]);
}
