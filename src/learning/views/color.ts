/**
 * Colour distortions of planar images [batch, 3, pixels] with values in [0, 1], one amount an image, [batch, 1, 1].
 * Each is torchvision's function of the same name, and clamps as that does.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Luma of R, G and B (ITU-R BT.601), as torchvision rounds it. */
const LUMA = [0.2989, 0.587, 0.114];

const clamp = (x: tf.Tensor): tf.Tensor => tf.clipByValue(x, 0, 1);

/** factor * x. */
export const adjustBrightness = (x: tf.Tensor, factor: tf.Tensor): tf.Tensor => clamp(tf.mul(x, factor));

/** Blend with the mean luma of the image: factor * x + (1 - factor) * mean. */
export function adjustContrast(x: tf.Tensor, factor: tf.Tensor): tf.Tensor {
  const channelMeans = tf.mean(x, 2, true);
  const mean = tf.sum(tf.mul(channelMeans, tf.tensor(LUMA, [1, 3, 1])), 1, true);
  return clamp(tf.add(tf.mul(x, factor), tf.mul(tf.sub(1, factor), mean)));
}

/** Blend with the luma of each pixel: factor * x + (1 - factor) * luma. */
export const adjustSaturation = (x: tf.Tensor, factor: tf.Tensor): tf.Tensor =>
  clamp(blendWithLuma(x, factor));

/** Grey where amount is 1, unchanged where it is 0. */
export const toGrayscale = (x: tf.Tensor, amount: tf.Tensor): tf.Tensor =>
  blendWithLuma(x, tf.sub(1, amount));

/** As a product with one 3x3 matrix an image, factor * I + (1 - factor) * [luma; luma; luma]. */
function blendWithLuma(x: tf.Tensor, factor: tf.Tensor): tf.Tensor {
  const identity = tf.tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 3, 3]);
  const luma = tf.tensor([...LUMA, ...LUMA, ...LUMA], [1, 3, 3]);
  const matrix = tf.add(tf.mul(identity, factor), tf.mul(luma, tf.sub(1, factor)));
  return tf.matMul(matrix, x);
}

/**
 * Turns the hue of HSV by `turn`, value and saturation kept: exactly torchvision's, with few passes over the image.
 *
 * In sixths of a turn from red, going towards green, hue = sign(g - b) * (1 + (g + b - r - min) / chroma), where
 * chroma = max - min: along each side of the colour hexagon only the middle channel moves. Back from it, a channel
 * is min + chroma * t with t = |hue - 3| - 1 for red, 2 - |hue - 2| for green and 2 - |hue - 4| for blue, cut to
 * [0, 1], hue in [0, 6). The code counts in whole turns.
 */
export function adjustHue(x: tf.Tensor, turn: tf.Tensor): tf.Tensor {
  const [r, g, b] = tf.split(x, 3, 1);
  const highest = tf.maximum(tf.maximum(r, g), b);
  const lowest = tf.minimum(tf.minimum(r, g), b);
  const chroma = tf.sub(highest, lowest);
  const middle = tf.sub(tf.add(g, b), tf.add(r, lowest));
  // Of grey the hue is arbitrary: its chroma of 0 leaves nothing of it.
  const size = tf.add(tf.div(middle, tf.maximum(chroma, 1e-12)), 1);
  // sign(g - b) / 6, 0 counting as positive: a comparison and a selection take four times as long on a CPU.
  const sign = tf.clipByValue(tf.add(tf.mul(tf.sub(g, b), 1e30), 1 / 6), -1 / 6, 1 / 6);
  const hue = tf.add(tf.mul(sign, size), turn);
  const turned = tf.sub(hue, tf.floor(hue));
  const byChannel = (values: number[]) => tf.tensor(values, [1, 3, 1]);
  const distance = tf.abs(tf.sub(turned, byChannel([1 / 2, 1 / 3, 2 / 3])));
  const t = clamp(tf.add(tf.mul(distance, byChannel([6, -6, -6])), byChannel([-1, 2, 2])));
  return tf.add(lowest, tf.mul(chroma, t));
}

/** Inverts values of 0.5 and above where amount is 1: min(x, 1 - x), and min(x, 2 - x) = x where it is 0. */
export const solarize = (x: tf.Tensor, amount: tf.Tensor): tf.Tensor =>
  tf.minimum(x, tf.sub(tf.sub(2, amount), x));
