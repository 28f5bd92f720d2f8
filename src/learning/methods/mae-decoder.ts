/** The decoder of MAE: from the visible patches' tokens to the pixels of every patch. He et al. 2021, section 3. */
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../shared/errors';
import { sinCosPositions } from '../backbones/positions';
import { normal, parameter } from '../layers/initializers';
import { layerNorm } from '../layers/layer-norm';
import { transformerLinear } from '../layers/linear';
import { transformerBlock } from '../layers/transformer-block';
import { sequential } from '../layers/sequential';
import { collect, type Module } from '../module';

export interface DecoderShape {
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
}
export interface Encoded {
  /** [batch, 1 + kept, inputs], the class token first. */
  readonly tokens: tf.Tensor;
  /** [batch, kept, patches], see `selection`. */
  readonly kept: tf.Tensor;
}

/**
 * @param inputs width of the encoder. @param grid patches along a side. @param values of a patch.
 * @returns a module from `Encoded` to [batch, patches, values]. Its positions are fixed sines and cosines.
 * @throws UserError where the width does not fit the heads or the positions.
 */
export function maeDecoder(
  { width, depth, heads }: DecoderShape,
  inputs: number,
  grid: number,
  values: number,
): Module<Encoded> {
  if (width % heads !== 0 || width % 4 !== 0)
    throw new UserError(
      `options.decoder.width is ${width}: it must be a multiple of 4 and of options.decoder.heads, ${heads}`,
      `Set it to ${Math.max(1, Math.round(width / (4 * heads))) * 4 * heads}.`,
      'usage',
    );
  const embed = transformerLinear(inputs, width);
  const blocks = sequential(
    Object.fromEntries(Array.from({ length: depth }, (_, i) => [i, transformerBlock(width, heads)])),
  );
  const norm = layerNorm(width);
  const pred = transformerLinear(width, values);
  return {
    parameters: {
      mask_token: parameter([1, 1, width], 'weight', normal(0.02)),
      ...collect({
        embed: embed.parameters,
        blocks: blocks.parameters,
        norm: norm.parameters,
        pred: pred.parameters,
      }),
    },
    apply: (weights, { tokens, kept }) => {
      const [, visible, patches] = kept.shape;
      const [classToken, seen] = tf.split(weights.apply('embed', embed, tokens), [1, visible], 1);
      const hidden = tf.sub(1, tf.reshape(tf.sum(kept, 1), [-1, patches, 1]));
      const filled = tf.add(tf.matMul(kept, seen, true), tf.mul(hidden, weights.get('mask_token')));
      const placed = tf.add(filled, sinCosPositions(grid, width));
      const decoded = weights.apply(
        'norm',
        norm,
        weights.apply('blocks', blocks, tf.concat([classToken, placed], 1)),
      );
      const [, pixels] = tf.split(decoded, [1, patches], 1);
      return weights.apply('pred', pred, pixels);
    },
  };
}
