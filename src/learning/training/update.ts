/** From gradients to the next weights, inside the step: accumulate, clip, move, average. */
import * as tf from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine';
import type { Parameters } from '../module';
import type { Optimizer } from '../optimizers';

/**
 * The mean gradient of the steps that share an update, as far as they are done.
 * @param carry 0 in the first of these steps, else 1.
 * @param steps how many share the update.
 */
export function accumulate(
  sums: TensorMap,
  gradients: TensorMap,
  carry: tf.Tensor,
  steps: number,
): TensorMap {
  return map(gradients, (gradient, name) => tf.add(tf.mul(sums[name], carry), tf.mul(gradient, 1 / steps)));
}

/** Euclidean norm of all gradients together, shape []. */
export function globalNorm(gradients: TensorMap): tf.Tensor {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  return tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)));
}

/** All gradients shortened by one factor where `norm` is above `largest`, as torch's clip_grad_norm_. */
export function clip(gradients: TensorMap, norm: tf.Tensor, largest: number): TensorMap {
  const factor = tf.minimum(tf.div(largest, tf.add(norm, 1e-6)), 1);
  return map(gradients, (gradient) => tf.mul(gradient, factor));
}

/** Each gradient by itself shortened where its own norm is above `largest`. Caron et al. 2021 (DINO), `clip_gradients`. */
export function clipEach(gradients: TensorMap, largest: number): TensorMap {
  return map(gradients, (gradient) => {
    const norm = tf.sqrt(tf.sum(tf.square(gradient)));
    return tf.mul(gradient, tf.minimum(tf.div(largest, tf.add(norm, 1e-6)), 1));
  });
}

/** Every trained weight and its optimizer slots after one update, under their names in the state. */
export function optimize(
  optimizer: Optimizer,
  parameters: Parameters,
  state: TensorMap,
  gradients: TensorMap,
  scalars: TensorMap,
): TensorMap {
  const next: TensorMap = {};
  for (const [name, { role }] of Object.entries(parameters)) {
    const key = (slot: string) => `optimizer/${slot}/${name}`;
    const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, state[key(slot)]]));
    const moved = optimizer.update({ weight: state[name], gradient: gradients[name], slots, role }, scalars);
    next[name] = moved.weight;
    for (const slot of optimizer.slots) next[key(slot)] = moved.slots[slot];
  }
  return next;
}

/**
 * Exponential moving average: momentum * average + (1 - momentum) * current.
 * @param averages by the names of what they follow. @param momentum a number, or a scalar tensor.
 */
export function average(averages: TensorMap, current: TensorMap, momentum: number | tf.Tensor): TensorMap {
  const rest = typeof momentum === 'number' ? 1 - momentum : tf.sub(1, momentum);
  return map(averages, (value, name) => tf.add(tf.mul(value, momentum), tf.mul(current[name], rest)));
}

/** `yes` where the scalar `choice` is 1, `no` where it is 0; exactly, as long as both are finite. */
export function choose(choice: tf.Tensor, yes: TensorMap, no: TensorMap): TensorMap {
  const otherwise = tf.sub(1, choice);
  return map(yes, (value, name) => tf.add(tf.mul(value, choice), tf.mul(no[name], otherwise)));
}

const map = (tensors: TensorMap, f: (tensor: tf.Tensor, name: string) => tf.Tensor): TensorMap =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, f(tensor, name)]));
