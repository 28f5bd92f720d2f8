/**
 * Cosines of vectors with learnt directions: a linear layer without bias whose rows have unit length. DINO's last layer
 * (a weight-normalized one of gain 1) and SwAV's prototypes.
 */
import * as tf from '@tensorflow/tfjs-core';
import { gateGradient } from '../gate-gradient';
import { l2Normalize } from '../l2-normalize';
import type { Module } from '../module';
import { normal, parameter } from './initializers';

export interface PrototypesInput {
  /** [batch, inputs], of unit length. */
  readonly x: tf.Tensor;
  /** Scalar: 0 keeps the prototypes as they are, 1 trains them. */
  readonly trains: tf.Tensor;
}

/** [batch, inputs] to [batch, count]. Weight [count, inputs], of any length. */
export const prototypes = (inputs: number, count: number): Module<PrototypesInput> => ({
  parameters: { weight: parameter([count, inputs], 'weight', normal(0.02)) },
  apply: (weights, { x, trains }) =>
    tf.matMul(x, l2Normalize(gateGradient(weights.get('weight'), trains)), false, true),
});
