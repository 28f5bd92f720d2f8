/** Products of two blocks of vectors, for whoever compares all with all. */
import * as tf from '@tensorflow/tfjs-core';
import type { StepDefinition } from '../../engine';

/**
 * Inputs `first` [first, size] and `second` [second, size]; output `scores` [first, second], their dot products:
 * cosines where all are of unit length.
 */
export function createProductStep(first: number, second: number, size: number): StepDefinition {
  return {
    name: 'products of vectors',
    state: {},
    inputs: {
      first: { shape: [first, size], dtype: 'float32' },
      second: { shape: [second, size], dtype: 'float32' },
    },
    step: (state, inputs) => ({
      state,
      outputs: { scores: tf.matMul(inputs.first, inputs.second, false, true) },
    }),
  };
}
