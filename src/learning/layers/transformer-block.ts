/** A pre-norm transformer block, as timm's. Dosovitskiy et al. 2020, equations 2 and 3. */
import * as tf from '@tensorflow/tfjs-core';
import { collect, type Module } from '../module';
import { attention } from './attention';
import { layerNorm } from './layer-norm';
import { mlp } from './mlp';

/** [batch, tokens, width] to the same shape: x + attention(norm1(x)), then x + mlp(norm2(x)). */
export function transformerBlock(width: number, heads: number): Module {
  const norm1 = layerNorm(width);
  const attn = attention(width, heads);
  const norm2 = layerNorm(width);
  const perceptron = mlp(width, 4 * width);
  return {
    parameters: collect({
      norm1: norm1.parameters,
      attn: attn.parameters,
      norm2: norm2.parameters,
      mlp: perceptron.parameters,
    }),
    apply: (weights, x) => {
      const attended = tf.add(x, weights.apply('attn', attn, weights.apply('norm1', norm1, x)));
      return tf.add(attended, weights.apply('mlp', perceptron, weights.apply('norm2', norm2, attended)));
    },
  };
}
