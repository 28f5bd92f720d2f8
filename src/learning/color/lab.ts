/** sRGB and CIE L*a*b* (D65, 2 degrees), inside the step: lightness L in [0, 100], a and b about [-110, 110]. */
import * as tf from '@tensorflow/tfjs-core';

/** Linear sRGB to XYZ (IEC 61966-2-1), each row divided by the white point's value. */
const WHITE = [0.95047, 1, 1.08883];
const TO_XYZ = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
].map((row, i) => row.map((value) => value / WHITE[i]));
const FROM_XYZ = [
  [3.2404542, -1.5371385, -0.4985314],
  [-0.969266, 1.8760108, 0.041556],
  [0.0556434, -0.2040259, 1.0572252],
].map((row) => row.map((value, i) => value * WHITE[i]));
/** f of an XYZ to what L, a and b are made of, and back. */
const FROM_F = [
  [0, 116, 0],
  [500, -500, 0],
  [0, 200, -200],
];
const TO_F = [
  [1 / 116, 1 / 500, 0],
  [1 / 116, 0, 0],
  [1 / 116, 0, -1 / 200],
];
const DELTA = 6 / 29;

/** @param rgb [..., 3] in [0, 1]. @returns [..., 3]: L, a, b. */
export function rgbToLab(rgb: tf.Tensor): tf.Tensor {
  const linear = tf.where(
    tf.greater(rgb, 0.04045),
    tf.pow(tf.div(tf.add(rgb, 0.055), 1.055), 2.4),
    tf.div(rgb, 12.92),
  );
  const xyz = mapChannels(linear, TO_XYZ);
  const root = tf.pow(tf.maximum(xyz, 1e-9), 1 / 3);
  const f = tf.where(tf.greater(xyz, DELTA ** 3), root, tf.add(tf.div(xyz, 3 * DELTA ** 2), 4 / 29));
  return tf.sub(mapChannels(f, FROM_F), [16, 0, 0]);
}

/** @param lab [..., 3]. @returns [..., 3] in [0, 1]; what no screen can show is cut off. */
export function labToRgb(lab: tf.Tensor): tf.Tensor {
  const f = mapChannels(tf.add(lab, [16, 0, 0]), TO_F);
  const xyz = tf.where(
    tf.greater(f, DELTA),
    tf.mul(f, tf.square(f)),
    tf.mul(tf.sub(f, 4 / 29), 3 * DELTA ** 2),
  );
  const linear = tf.clipByValue(mapChannels(xyz, FROM_XYZ), 0, 1);
  const bright = tf.sub(tf.mul(tf.pow(tf.maximum(linear, 1e-9), 1 / 2.4), 1.055), 0.055);
  return tf.where(tf.greater(linear, 0.0031308), bright, tf.mul(linear, 12.92));
}

/** [..., 3] times the transpose of a 3x3 matrix. */
function mapChannels(x: tf.Tensor, matrix: readonly (readonly number[])[]): tf.Tensor {
  const rows = tf.reshape(x, [-1, 3]);
  return tf.reshape(tf.matMul(rows, tf.tensor(matrix.flat(), [3, 3]), false, true), x.shape);
}

/** a and b of one colour, as `rgbToLab` has them. @param rgb three numbers in [0, 1]. */
export function abOf(rgb: readonly number[]): [number, number] {
  const linear = rgb.map((c) => (c > 0.04045 ? ((c + 0.055) / 1.055) ** 2.4 : c / 12.92));
  const [x, y, z] = TO_XYZ.map((row) => {
    const t = row.reduce((sum, weight, i) => sum + weight * linear[i], 0);
    return t > DELTA ** 3 ? Math.cbrt(t) : t / (3 * DELTA ** 2) + 4 / 29;
  });
  return [500 * (x - y), 200 * (y - z)];
}
