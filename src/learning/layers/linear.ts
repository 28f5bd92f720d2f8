/** Affine map of the last axis, as torch.nn.Linear. */
import * as tf from '@tensorflow/tfjs-core';
import type { Module, Parameter } from '../module';
import { constant, fanInUniform, normal, parameter } from './initializers';

export interface LinearOptions {
  readonly bias?: boolean;
  /** Default: PyTorch's. */
  readonly initializeWeight?: Parameter['initialize'];
  readonly initializeBias?: Parameter['initialize'];
}

/** [..., inputs] to [..., outputs]: x weight^T + bias. Weight [outputs, inputs], bias [outputs]. */
export function linear(
  inputs: number,
  outputs: number,
  {
    bias = true,
    initializeWeight = fanInUniform(inputs),
    initializeBias = fanInUniform(inputs),
  }: LinearOptions = {},
): Module {
  return {
    parameters: {
      weight: parameter([outputs, inputs], 'weight', initializeWeight),
      ...(bias && { bias: parameter([outputs], 'bias', initializeBias) }),
    },
    apply: (weights, x) => {
      // Two axes, always: tfjs's gradient of a matMul that broadcasts over a batch axis has the wrong shape.
      const rows = x.rank === 2 ? x : tf.reshape(x, [-1, inputs]);
      const product = tf.matMul(rows, weights.get('weight'), false, true);
      const y = bias ? tf.add(product, weights.get('bias')) : product;
      return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
    },
  };
}

/**
 * timm's initial values of a transformer's linear layers. Its truncation at +-2 lies 100 deviations out, so the
 * distribution is a plain normal one.
 */
export const transformerLinear = (inputs: number, outputs: number): Module =>
  linear(inputs, outputs, { initializeWeight: normal(0.02), initializeBias: constant(0) });
