/** 2-D convolution without bias, as torch.nn.Conv2d with explicit symmetric zero padding. */
import * as tf from '@tensorflow/tfjs-core';
import type { Module } from '../module';
import { kaimingFanOut, parameter } from './initializers';

export interface ConvOptions {
  readonly stride?: number;
  /** Zeros on each side of height and width; the default keeps the size of an odd kernel's input at stride 1. */
  readonly padding?: number;
}

/**
 * [batch, height, width, inputs] to [batch, height', width', outputs], height' = floor((height + 2 padding -
 * kernel) / stride) + 1. Weight [outputs, inputs, kernel, kernel].
 */
export function conv(
  inputs: number,
  outputs: number,
  kernel: number,
  { stride = 1, padding = (kernel - 1) / 2 }: ConvOptions = {},
): Module {
  const weight = parameter(
    [outputs, inputs, kernel, kernel],
    'weight',
    kaimingFanOut(outputs * kernel * kernel),
  );
  return {
    parameters: { weight },
    apply: (weights, x) =>
      tf.conv2d(
        x as tf.Tensor4D,
        tf.transpose(weights.get('weight') as tf.Tensor4D, [2, 3, 1, 0]),
        stride,
        pad(padding),
      ),
  };
}

/** Explicit padding of an NHWC tensor, as tfjs wants it: the same on each side of height and width. */
export const pad = (n: number): [[0, 0], [number, number], [number, number], [0, 0]] => [
  [0, 0],
  [n, n],
  [n, n],
  [0, 0],
];
