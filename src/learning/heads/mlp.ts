/** Projectors and predictors: a multi-layer perceptron with the names of a torch.nn.Sequential. */
import * as tf from '@tensorflow/tfjs-core';
import { batchNorm } from '../layers/batch-norm';
import { linear } from '../layers/linear';
import { sequential } from '../layers/sequential';
import type { Module } from '../module';

export interface MlpHeadOptions {
  /** Input, hidden and output widths, e.g. [512, 2048, 128]. */
  readonly sizes: readonly number[];
  /** Between each hidden linear layer and its ReLU; that linear layer then has no bias, which it would cancel. */
  readonly batchNorm: boolean;
  /** Bias of the output layer. */
  readonly outputBias?: boolean;
  /** Batch normalization without scale and offset after the output layer, which then has no bias. */
  readonly outputNorm?: boolean;
}

/**
 * [batch, sizes[0]] to [batch, last size]: Linear, (BatchNorm,) ReLU, ..., Linear. Each takes a number in the
 * names, ReLU too: "0.weight", "1.running_mean", "3.weight" with batch norm, "0.weight", "2.weight" without.
 */
export function mlpHead({
  sizes,
  batchNorm: normalized,
  outputNorm = false,
  outputBias = !outputNorm,
}: MlpHeadOptions): Module {
  const layers: Record<string, Module> = {};
  let index = 0;
  for (let i = 0; i + 2 < sizes.length; i++) {
    layers[index++] = linear(sizes[i], sizes[i + 1], { bias: !normalized });
    if (normalized) layers[index++] = batchNorm(sizes[i + 1], { relu: true });
    else layers[index] = relu;
    index++;
  }
  const [input, output] = sizes.slice(-2);
  layers[index++] = linear(input, output, { bias: outputBias });
  if (outputNorm) layers[index] = batchNorm(output, { affine: false });
  return sequential(layers);
}

const relu: Module = { parameters: {}, apply: (_, x) => tf.relu(x) };
