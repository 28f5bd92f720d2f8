/** Inner products of vectors, as a step that a device compiles. */
import * as tf from '@tensorflow/tfjs-core';
import type { StepDefinition } from '../../engine';

/** first [first, size] and second [second, size] to scores [first, second]. */
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
