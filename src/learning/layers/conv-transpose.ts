/** Transposed 2-D convolution that doubles height and width, as torch.nn.ConvTranspose2d without bias. */
import * as tf from '@tensorflow/tfjs-core';
import type { Module } from '../module';
import { pad } from './conv';
import { fanInUniform, parameter } from './initializers';

const KERNEL = 3;

export interface Upsampled {
  /** [batch, h, w, inputs]. */
  readonly x: tf.Tensor;
  /** Side of the result; h is half of it, rounded up. */
  readonly side: number;
}

/** To [batch, side, side, outputs], kernel 3, stride 2, padding 1. Weight [inputs, outputs, 3, 3]. */
export function doubling(inputs: number, outputs: number): Module<Upsampled> {
  // A pixel of the result sees 9 / 4 of the kernel's places on average.
  const weight = parameter(
    [inputs, outputs, KERNEL, KERNEL],
    'weight',
    fanInUniform((inputs * KERNEL ** 2) / 4),
  );
  return {
    parameters: { weight },
    apply: (weights, { x, side }) =>
      tf.conv2dTranspose(
        x as tf.Tensor4D,
        tf.transpose(weights.get('weight') as tf.Tensor4D, [2, 3, 1, 0]),
        [x.shape[0], side, side, outputs],
        2,
        pad(1),
      ),
  };
}
