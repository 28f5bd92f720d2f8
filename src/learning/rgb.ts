/** Between what the encoder is fed and RGB in [0, 1]. */
import * as tf from '@tensorflow/tfjs-core';
import type { DataConfig } from '../shared/run-config';

/** Both on [..., 3]. */
export interface RgbMaps {
  readonly toRgb: (normalized: tf.Tensor) => tf.Tensor;
  readonly fromRgb: (rgb: tf.Tensor) => tf.Tensor;
}

export const rgbMaps = ({ mean, std }: Pick<DataConfig, 'mean' | 'std'>): RgbMaps => ({
  toRgb: (normalized) => tf.clipByValue(tf.add(tf.mul(normalized, [...std]), [...mean]), 0, 1),
  fromRgb: (rgb) => tf.div(tf.sub(rgb, [...mean]), [...std]),
});
