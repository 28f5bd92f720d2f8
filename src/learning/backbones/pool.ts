/** What stands for an image among the tokens of a vision transformer. Of [batch, 1 + patches, width], [batch, width]. */
import * as tf from '@tensorflow/tfjs-core';
import type { BackboneConfig } from '../../shared/run-config';

type Pool = Extract<BackboneConfig, { kind: 'vit' }>['pool'];

/** The first token. Dosovitskiy et al. 2020 (ViT), equation 4. */
export function classTokenOf(tokens: tf.Tensor): tf.Tensor {
  const [, count, width] = tokens.shape;
  const [classToken] = tf.split(tokens, [1, count - 1], 1);
  return tf.reshape(classToken, [-1, width]);
}

/** All other tokens, [batch, patches, width]. */
export const patchesOf = (tokens: tf.Tensor): tf.Tensor => tf.split(tokens, [1, tokens.shape[1]! - 1], 1)[1];

/** Their mean: what MAE (He et al. 2021), BEiT and data2vec are fine-tuned with. */
const meanOfPatches = (tokens: tf.Tensor): tf.Tensor => tf.mean(patchesOf(tokens), 1);

export const POOLS: Readonly<Record<Pool, (tokens: tf.Tensor) => tf.Tensor>> = {
  class: classTokenOf,
  mean: meanOfPatches,
};
