/** Multi-head self-attention with one projection to queries, keys and values, as timm's. Vaswani et al. 2017. */
import * as tf from '@tensorflow/tfjs-core';
import { scope } from '../../engine';
import { collect, type Module } from '../module';
import { transformerLinear } from './linear';

/** [batch, tokens, width] to the same shape: softmax(q k^T / sqrt(width / heads)) v per head, then `proj`. */
export function attention(width: number, heads: number): Module {
  const headWidth = width / heads;
  const qkv = transformerLinear(width, 3 * width);
  const proj = transformerLinear(width, width);
  return {
    parameters: collect({ qkv: qkv.parameters, proj: proj.parameters }),
    apply: (weights, x) => {
      const [batch, tokens] = x.shape;
      const [queries, keys, values] = tf
        .split(weights.apply('qkv', qkv, x), 3, 2)
        .map((part) => tf.transpose(tf.reshape(part, [batch, tokens, heads, headWidth]), [0, 2, 1, 3]));
      const mixed = scope('softmax', () => {
        const logits = tf.mul(tf.matMul(queries, keys, false, true), headWidth ** -0.5);
        return tf.matMul(tf.softmax(logits), values);
      });
      const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, width]);
      return weights.apply('proj', proj, joined);
    },
  };
}
