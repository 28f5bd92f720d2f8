/** 2-D convolutions, as torch.nn.Conv2d and ConvTranspose2d with explicit symmetric zero padding. */
import * as tf from '@tensorflow/tfjs-core';
import type { Module } from '../module';
import { fanInUniform, kaimingFanOut, parameter } from './initializers';

export interface ConvOptions {
  readonly stride?: number;
  /** Zeros on each side of height and width; the default keeps the size of an odd kernel's input at stride 1. */
  readonly padding?: number;
  /** With a bias, initial values are PyTorch's defaults; without, torchvision's of ResNets. Default: without. */
  readonly bias?: boolean;
}

/**
 * [batch, height, width, inputs] to [batch, height', width', outputs], height' = floor((height + 2 padding -
 * kernel) / stride) + 1. Weight [outputs, inputs, kernel, kernel], bias [outputs].
 */
export function conv(
  inputs: number,
  outputs: number,
  kernel: number,
  { stride = 1, padding = (kernel - 1) / 2, bias = false }: ConvOptions = {},
): Module {
  const weight = parameter(
    [outputs, inputs, kernel, kernel],
    'weight',
    bias ? fanInUniform(inputs * kernel * kernel) : kaimingFanOut(outputs * kernel * kernel),
  );
  return {
    parameters: {
      weight,
      ...(bias && { bias: parameter([outputs], 'bias', fanInUniform(inputs * kernel * kernel)) }),
    },
    apply: (weights, x) => {
      const y = tf.conv2d(
        x as tf.Tensor4D,
        tf.transpose(weights.get('weight') as tf.Tensor4D, [2, 3, 1, 0]),
        stride,
        pad(padding),
      );
      return bias ? tf.add(y, weights.get('bias')) : y;
    },
  };
}

/**
 * [batch, height, width, inputs] to [batch, 2 height, 2 width, outputs]: 4x4, stride 2. Weight [inputs, outputs, 4, 4],
 * bias [outputs].
 */
export function doublingConv(inputs: number, outputs: number): Module {
  // As PyTorch counts it for a transposed convolution.
  const values = fanInUniform(outputs * 16);
  return {
    parameters: {
      weight: parameter([inputs, outputs, 4, 4], 'weight', values),
      bias: parameter([outputs], 'bias', values),
    },
    apply: (weights, x) => {
      const [batch, height, width] = x.shape;
      const filter = tf.transpose(weights.get('weight') as tf.Tensor4D, [2, 3, 1, 0]);
      const shape: [number, number, number, number] = [batch, 2 * height, 2 * width, outputs];
      const y = tf.conv2dTranspose(x as tf.Tensor4D, filter, shape, 2, pad(1));
      return tf.add(y, weights.get('bias'));
    },
  };
}

/** Explicit padding of an NHWC tensor, as tfjs wants it: the same on each side of height and width. */
export const pad = (n: number): [[0, 0], [number, number], [number, number], [0, 0]] => [
  [0, 0],
  [n, n],
  [n, n],
  [0, 0],
];
