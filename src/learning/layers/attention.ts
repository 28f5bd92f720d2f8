/** Multi-head self-attention with one projection to queries, keys and values, as timm's. Vaswani et al. 2017. */
import * as tf from '@tensorflow/tfjs-core';
import { scope } from '../../engine';
import { collect, type Module, type Weights } from '../module';
import { transformerLinear } from './linear';

/** [batch, tokens, width] to the same shape: softmax(q k^T / sqrt(width / count)) v for each of `count` heads, then `proj`. */
export function attention(width: number, count: number): Module {
  const qkv = transformerLinear(width, 3 * width);
  const proj = transformerLinear(width, width);
  return {
    parameters: collect({ qkv: qkv.parameters, proj: proj.parameters }),
    apply: (weights, x) => {
      const [batch, tokens] = x.shape;
      const [queries, keys, values] = scope('qkv', () => project(weights, x, count));
      const mixed = scope('softmax', () => tf.matMul(whereTo(queries, keys), values));
      const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, width]);
      return weights.apply('proj', proj, joined);
    },
  };
}

/** How much each token takes from each: [batch, tokens, width] to [batch, count, tokens, tokens], rows sum to 1. */
export function attentionMap(width: number, count: number): Module {
  const { parameters } = attention(width, count);
  return {
    parameters,
    apply: (weights, x) => {
      const [queries, keys] = project(weights, x, count);
      return whereTo(queries, keys);
    },
  };
}

/** Queries, keys and values, each [batch, count, tokens, width / count]. */
function project(weights: Weights, x: tf.Tensor, count: number): tf.Tensor[] {
  const [batch, tokens, width] = x.shape;
  const flat = tf.reshape(x, [batch * tokens, width]);
  const heads = (weight: tf.Tensor, bias: tf.Tensor): tf.Tensor => {
    const part = tf.add(tf.matMul(flat, weight, false, true), bias);
    return tf.transpose(tf.reshape(part, [batch, tokens, count, width / count]), [0, 2, 1, 3]);
  };
  // Cutting the weights in three is cheaper than cutting the activations.
  const { weight, bias } = splitInThree(weights.child('qkv'));
  return [0, 1, 2].map((i) => heads(weight[i], bias[i]));
}

/** softmax(q k^T / sqrt(width of a head)). */
function whereTo(queries: tf.Tensor, keys: tf.Tensor): tf.Tensor {
  const headWidth = queries.shape[3]!;
  return tf.softmax(tf.mul(tf.matMul(queries, keys, false, true), headWidth ** -0.5));
}

/** The parameters of queries, keys and values from their joint projection [3 * width, width]. */
function splitInThree(qkv: Weights): { weight: tf.Tensor[]; bias: tf.Tensor[] } {
  return { weight: tf.split(qkv.get('weight'), 3, 0), bias: tf.split(qkv.get('bias'), 3, 0) };
}
