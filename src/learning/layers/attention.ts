/** Multi-head self-attention with one projection to queries, keys and values, as timm's. Vaswani et al. 2017. */
import * as tf from '@tensorflow/tfjs-core';
import { scope } from '../../engine';
import { collect, type Module, type Weights } from '../module';
import { transformerLinear } from './linear';

/** [batch, tokens, width] to the same shape: softmax(q k^T / sqrt(width / count)) v for each of `count` heads, then `proj`. */
export function attention(width: number, count: number): Module {
  const headWidth = width / count;
  const qkv = transformerLinear(width, 3 * width);
  const proj = transformerLinear(width, width);
  return {
    parameters: collect({ qkv: qkv.parameters, proj: proj.parameters }),
    apply: (weights, x) => {
      const [batch, tokens] = x.shape;
      const flat = tf.reshape(x, [batch * tokens, width]);
      const heads = (weight: tf.Tensor, bias: tf.Tensor): tf.Tensor => {
        const part = tf.add(tf.matMul(flat, weight, false, true), bias);
        return tf.transpose(tf.reshape(part, [batch, tokens, count, headWidth]), [0, 2, 1, 3]);
      };
      // Cutting the weights in three is cheaper than cutting the activations.
      const [queries, keys, values] = scope('qkv', () => {
        const { weight, bias } = splitInThree(weights.child('qkv'));
        return [0, 1, 2].map((i) => heads(weight[i], bias[i]));
      });
      const mixed = scope('softmax', () => {
        const logits = tf.mul(tf.matMul(queries, keys, false, true), headWidth ** -0.5);
        return tf.matMul(tf.softmax(logits), values);
      });
      const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, width]);
      return weights.apply('proj', proj, joined);
    },
  };
}

/** The parameters of queries, keys and values from their joint projection [3 * width, width]. */
function splitInThree(qkv: Weights): { weight: tf.Tensor[]; bias: tf.Tensor[] } {
  return { weight: tf.split(qkv.get('weight'), 3, 0), bias: tf.split(qkv.get('bias'), 3, 0) };
}
