/**
 * Batch normalization with running statistics, as torch.nn.BatchNorm1d / 2d. Ioffe & Szegedy 2015.
 *
 * PyTorch's third buffer, `num_batches_tracked`, is not kept: it counts batches for `momentum=None` only, which
 * nothing here uses. PyTorch's `load_state_dict` fills it in when it reads a plain dictionary without it, strict
 * or not; a reader of PyTorch's files drops it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { batchNormInference, batchNormTraining, type BatchNormOptions } from '../../engine';
import { UserError } from '../../shared/errors';
import type { Module, Parameters, Weights } from '../module';
import { constant, parameter } from './initializers';

/** Share of the new batch in the running statistics. */
const MOMENTUM = 0.1;
const EPSILON = 1e-5;

export interface BatchNormLayerOptions {
  /** Apply ReLU to the result, in the same kernel. */
  readonly relu?: boolean;
  /** Whether scale and offset are learnt; as in PyTorch, there are no such parameters where they are not. */
  readonly affine?: boolean;
}

/** [..., channels] to the same shape. Running variance is the unbiased one, as in PyTorch. */
export function batchNorm(
  channels: number,
  { relu = false, affine = true }: BatchNormLayerOptions = {},
): Module {
  return {
    parameters: affine ? batchNormParameters(channels) : statistics(channels),
    apply: (weights, x) => normalize(weights, x, { relu }, affine),
  };
}

export interface Residual {
  readonly x: tf.Tensor;
  /** Same shape as x. */
  readonly residual: tf.Tensor;
}

/** The end of a residual block in one kernel: relu(batchNorm(x) + residual). */
export function batchNormAddRelu(channels: number): Module<Residual> {
  return {
    parameters: batchNormParameters(channels),
    apply: (weights, { x, residual }) => normalize(weights, x, { relu: true, residual }),
  };
}

const batchNormParameters = (channels: number): Parameters => ({
  weight: parameter([channels], 'norm', constant(1)),
  bias: parameter([channels], 'norm', constant(0)),
  ...statistics(channels),
});

const statistics = (channels: number): Parameters => ({
  running_mean: parameter([channels], 'buffer', constant(0)),
  running_var: parameter([channels], 'buffer', constant(1)),
});

function normalize(weights: Weights, x: tf.Tensor, options: BatchNormOptions, affine = true): tf.Tensor {
  const channels = x.shape[x.rank - 1];
  const scale = affine ? weights.get('weight') : tf.ones([channels]);
  const offset = affine ? weights.get('bias') : tf.zeros([channels]);
  const all = { ...options, epsilon: EPSILON };
  const runningMean = weights.latest('running_mean');
  const runningVariance = weights.latest('running_var');
  if (!weights.training) return batchNormInference(x, scale, offset, runningMean, runningVariance, all);

  const n = x.size / channels;
  if (n < 2)
    throw new UserError(
      'Batch normalization needs at least 2 values a channel in training, and this step has 1',
      'Use a batch of at least 2 images.',
    );
  const { y, mean, variance } = batchNormTraining(x, scale, offset, all);
  weights.update('running_mean', blend(runningMean, mean, MOMENTUM));
  weights.update('running_var', blend(runningVariance, variance, (MOMENTUM * n) / (n - 1)));
  return y;
}

const blend = (running: tf.Tensor, batch: tf.Tensor, share: number): tf.Tensor =>
  tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(batch, share));
