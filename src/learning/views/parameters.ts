/** What the random numbers of a view mean: one row of parameters an image, read by the step that makes the view. */
import * as tf from '@tensorflow/tfjs-core';

/** In the order of their columns. Each has a value that distorts nothing. */
export const VIEW_PARAMETERS = [
  /** The box that is cut out, px of the image; whole numbers. */
  'top',
  'left',
  'height',
  'width',
  /** 1 mirrors left and right. */
  'flip',
  /** Rows and columns of the view that it moves up and left, px; zeros come in. */
  'shiftY',
  'shiftX',
  /** Factors; 1 changes nothing. */
  'brightness',
  'contrast',
  'saturation',
  /** Turn of the hue, in turns, [-0.5, 0.5]. */
  'hue',
  /** 1 makes grey. */
  'grayscale',
  /** 1 / (2 sigma^2) of the blur, 1 / px^2; NO_BLUR blurs nothing. */
  'blur',
  /** 1 inverts values of 0.5 and above. */
  'solarize',
  /** Upper left corner of the masked square, px of the view. */
  'maskTop',
  'maskLeft',
] as const;
export type ViewParameter = (typeof VIEW_PARAMETERS)[number];
/** Columns of a parameter row. */
export const VIEW_PARAMETER_COUNT = VIEW_PARAMETERS.length;

/** exp(-NO_BLUR d^2) is exactly 1 at distance 0 and exactly 0 elsewhere. */
export const NO_BLUR = 1e4;

/** @param parameters [batch, VIEW_PARAMETER_COUNT]. @returns each parameter as [batch, 1, 1]. */
export function splitParameters(parameters: tf.Tensor): Record<ViewParameter, tf.Tensor> {
  const columns = tf
    .split(parameters, VIEW_PARAMETER_COUNT, 1)
    .map((column) => tf.reshape(column, [-1, 1, 1]));
  return Object.fromEntries(VIEW_PARAMETERS.map((name, i) => [name, columns[i]])) as Record<
    ViewParameter,
    tf.Tensor
  >;
}
