/** Makes a view of each image inside the step, from the parameters that were drawn for it. */
import * as tf from '@tensorflow/tfjs-core';
import { scope } from '../../engine';
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  solarize,
  toGrayscale,
} from './color';
import { splitParameters, type ViewParameter } from './parameters';
import type { ViewRecipe } from './recipe';
import { blurring, isBetween, resampling } from './resample';

type Parameters = Record<ViewParameter, tf.Tensor>;

/**
 * Only what the recipe uses becomes part of the graph. Order: crop, resize, shift, flip, blur, brightness,
 * contrast, saturation, hue, grayscale, solarize, normalize, mask. See docs/views.md.
 * @param images [batch, height, width, 3], RGB in [0, 1].
 * @param parameters [batch, VIEW_PARAMETER_COUNT], from sampleViews with the same recipe.
 * @param mean RGB, subtracted. @param std RGB, divides.
 * @returns [batch, recipe.size, recipe.size, 3].
 */
export function applyViews(
  images: tf.Tensor,
  parameters: tf.Tensor,
  recipe: ViewRecipe,
  mean: readonly number[],
  std: readonly number[],
): tf.Tensor {
  return scope('views', () => {
    const { size } = recipe;
    const p = splitParameters(parameters);
    // Planes, not interleaved colours: channels are then runs of memory that colour maps go through at full speed.
    let x = tf.reshape(resampleImages(images, p, recipe), [-1, 3, size * size]);
    x = distortColors(x, p, recipe);
    const scale = std.map((s) => 1 / s);
    const offset = mean.map((m, i) => -m / std[i]);
    x = tf.add(tf.mul(x, tf.tensor(scale, [1, 3, 1])), tf.tensor(offset, [1, 3, 1]));
    if (recipe.squareMask) x = tf.mul(x, tf.reshape(squareMask(p, recipe), [-1, 1, size * size]));
    return tf.transpose(tf.reshape(x, [-1, 3, size, size]), [0, 2, 3, 1]);
  });
}

/** [batch, height, width, 3] to [batch, 3, size, size]. An axis that nothing changes is not multiplied. */
function resampleImages(images: tf.Tensor, p: Parameters, recipe: ViewRecipe): tf.Tensor {
  const [, height, width] = images.shape;
  const { size } = recipe;
  const moves = recipe.crop !== null || recipe.padCrop > 0;
  const shiftY = recipe.padCrop ? p.shiftY : undefined;
  const shiftX = recipe.padCrop ? p.shiftX : undefined;
  const flip = recipe.flip ? p.flip : undefined;
  const blur = recipe.blur ? blurring(p.blur, size) : undefined;
  const blurred = (matrix: tf.Tensor) => (blur ? tf.matMul(blur, matrix) : matrix);

  let x = images;
  if (moves || blur || height !== size) {
    const rows = resampling({ start: p.top, length: p.height, shift: shiftY }, height, size);
    x = tf.matMul(blurred(rows), tf.reshape(images, [-1, height, width * 3]));
    x = tf.reshape(x, [-1, size, width, 3]);
  }
  x = tf.transpose(x, [0, 3, 1, 2]);
  if (moves || blur || flip || width !== size) {
    const columns = resampling({ start: p.left, length: p.width, flip, shift: shiftX }, width, size);
    x = tf.matMul(tf.reshape(x, [-1, 3 * size, width]), blurred(columns), false, true);
  }
  return x;
}

/** Clamping after resampling is not needed: its weights are positive and sum to 1. */
function distortColors(input: tf.Tensor, p: Parameters, recipe: ViewRecipe): tf.Tensor {
  const { jitter } = recipe;
  let x = input;
  if (jitter && jitter.probability > 0) {
    if (jitter.brightness) x = adjustBrightness(x, p.brightness);
    if (jitter.contrast) x = adjustContrast(x, p.contrast);
    if (jitter.saturation) x = adjustSaturation(x, p.saturation);
    if (jitter.hue) x = adjustHue(x, p.hue);
  }
  if (recipe.grayscale) x = toGrayscale(x, p.grayscale);
  if (recipe.solarize) x = solarize(x, p.solarize);
  return x;
}

/** [batch, size, size]: 0 inside the square, 1 outside. */
function squareMask(p: Parameters, { size, squareMask: side }: ViewRecipe): tf.Tensor {
  const index = tf.range(0, size);
  const rows = isBetween(tf.reshape(index, [1, size, 1]), p.maskTop, tf.add(p.maskTop, side));
  const columns = isBetween(tf.reshape(index, [1, 1, size]), p.maskLeft, tf.add(p.maskLeft, side));
  return tf.sub(1, tf.mul(rows, columns));
}
