/**
 * Vector quantization with a codebook that follows the vectors by moving averages. Van den Oord et al. 2017, section 3
 * and appendix A.1.
 */
import * as tf from '@tensorflow/tfjs-core';
import { stopGradient } from '../../engine';
import { collect, type Parameters, type Weights } from '../module';
import { conv } from './conv';
import { constant, normal, parameter } from './initializers';

export interface QuantizerShape {
  readonly codes: number;
  /** Length of a code. */
  readonly dimension: number;
}

export interface Quantized {
  /** [batch, grid, grid, dimension]: before, and after with the gradient passed straight through. */
  readonly vectors: tf.Tensor;
  readonly quantized: tf.Tensor;
  /** [batch * grid * grid], int32: row after row. */
  readonly ids: tf.Tensor;
  /** Scalars: mean squared distance of vectors to their codes; exp of the entropy of the codes' use in this batch. */
  readonly commitment: tf.Tensor;
  readonly perplexity: tf.Tensor;
}

export interface Following {
  readonly decay: number;
  /** Codes used less than this share of the mean are set to a vector of the batch. */
  readonly revive: number;
}

export interface Quantizer {
  readonly parameters: Parameters;
  /** Of features [batch, grid, grid, inputs]. With `following` and weights in training the codebook moves. */
  readonly quantize: (weights: Weights, features: tf.Tensor, following?: Following) => Quantized;
  /** The codes of ids, [n, dimension]. */
  readonly lookUp: (weights: Weights, ids: tf.Tensor) => tf.Tensor;
}

/** Laplace smoothing of the counts. */
const EPSILON = 1e-5;
/** What the averages begin with: so little that the first batch outweighs it, and unused codes are set at once. */
const START = 0.01;

/** A 1x1 convolution to `dimension`, and the codebook as averages: `cluster_size` [codes], `cluster_sum` [codes, dimension]. */
export function quantizer(inputs: number, { codes, dimension }: QuantizerShape): Quantizer {
  const project = conv(inputs, dimension, 1, { bias: true });
  const lookUp = (weights: Weights, ids: tf.Tensor) =>
    tf.matMul(tf.oneHot(ids as tf.Tensor1D, codes, 1, 0, 'float32'), codebookOf(weights, codes));
  return {
    parameters: {
      ...collect({ project: project.parameters }),
      cluster_size: parameter([codes], 'buffer', constant(START)),
      cluster_sum: parameter([codes, dimension], 'buffer', normal(START)),
    },
    lookUp,
    quantize(weights, features, following) {
      const vectors = weights.apply('project', project, features);
      const rows = tf.reshape(stopGradient(vectors), [-1, dimension]);
      const codebook = codebookOf(weights, codes);
      const lengths = tf.sum(tf.square(codebook), 1);
      const ids = tf.argMin(tf.sub(lengths, tf.mul(tf.matMul(rows, codebook, false, true), 2)), 1);
      const chosen = tf.oneHot(ids, codes, 1, 0, 'float32');
      const nearest = tf.reshape(tf.matMul(chosen, codebook), vectors.shape);
      if (following && weights.training) follow(weights, rows, chosen, following);
      const use = tf.mean(chosen, 0);
      return {
        vectors,
        quantized: tf.add(vectors, stopGradient(tf.sub(nearest, vectors))),
        ids,
        commitment: tf.mean(tf.square(tf.sub(vectors, nearest))),
        perplexity: tf.exp(tf.neg(tf.sum(tf.mul(use, tf.log(tf.add(use, 1e-10)))))),
      };
    },
  };
}

/** Equation 8: sums by smoothed counts. */
function codebookOf(weights: Weights, codes: number): tf.Tensor {
  const size = weights.get('cluster_size');
  const total = tf.sum(size);
  const smoothed = tf.mul(tf.div(tf.add(size, EPSILON), tf.add(total, codes * EPSILON)), total);
  return tf.div(weights.get('cluster_sum'), tf.reshape(smoothed, [codes, 1]));
}

/** Equations 6 and 7, and codes that hardly any vector chooses: the next averages. */
function follow(weights: Weights, rows: tf.Tensor, chosen: tf.Tensor, { decay, revive }: Following): void {
  const [count, codes] = chosen.shape as [number, number];
  const average = (name: string, now: tf.Tensor) =>
    tf.add(tf.mul(weights.get(name), decay), tf.mul(now, 1 - decay));
  const size = average('cluster_size', tf.sum(chosen, 0));
  const sum = average('cluster_sum', tf.matMul(chosen, rows, true));
  const mean = tf.mean(size);
  const starved = tf.cast(tf.less(size, tf.mul(mean, revive)), 'float32');
  // Spread over the images of the batch, whose order is random already: the same vectors wherever it is computed.
  const stride = Math.max(1, Math.floor(count / codes));
  const places = Array.from({ length: codes }, (_, code) => (code * stride) % count);
  const instead = tf.mul(tf.gather(rows, tf.tensor1d(places, 'int32')), mean);
  const choose = (flags: tf.Tensor, yes: tf.Tensor, no: tf.Tensor) =>
    tf.add(tf.mul(flags, yes), tf.mul(tf.sub(1, flags), no));
  weights.update('cluster_size', choose(starved, mean, size));
  weights.update('cluster_sum', choose(tf.reshape(starved, [codes, 1]), instead, sum));
}
