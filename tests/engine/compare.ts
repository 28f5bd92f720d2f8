/** Runs one step eagerly on the reference and compiled, and says how far they are apart. */
import type * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import {
  prepareEager,
  type HostTensor,
  type HostTensors,
  type StepDefinition,
  type TensorMap,
} from '../../src/engine';
import { prepareCompiled } from '../../src/engine/compiled';
import type { Target } from '../../src/engine/lower/lowering';
import type { Provider } from '../../src/engine/session/provider';
import { cpuTarget, portable } from '../../src/engine/lower/targets';
import { random } from '../../src/shared/random';

export const TARGETS: readonly Target[] = [portable, await cpuTarget()];

export function values(shape: number[], seed = 1, low = -2, high = 2): HostTensor {
  const source = random(seed, 'method', shape.length);
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
    source.between(low, high),
  );
  return { shape, dtype: 'float32', data };
}

export const integers = (shape: number[], data: number[]): HostTensor => ({
  shape,
  dtype: 'int32',
  data: Int32Array.from(data),
});

/** A step without state from a function of tensors. */
export function stateless(inputs: HostTensors, compute: (inputs: TensorMap) => TensorMap): StepDefinition {
  return {
    name: 'test',
    state: {},
    inputs,
    step: (_, tensors) => ({ state: {}, outputs: compute(tensors) }),
  };
}

/** Largest difference over the largest element, per tensor. */
export function relativeError(actual: HostTensor, expected: HostTensor): number {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.dtype).toBe(expected.dtype);
  let largest = 1e-30;
  let difference = 0;
  for (let i = 0; i < expected.data.length; i++) {
    if (Object.is(actual.data[i], expected.data[i])) continue;
    const distance = Math.abs(actual.data[i] - expected.data[i]);
    difference = Math.max(difference, Number.isNaN(distance) ? Infinity : distance);
  }
  for (const value of expected.data) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return difference / largest;
}

/** Every output of the compiled step within `tolerance` of the reference, at every place. */
export async function expectSame(
  inputs: HostTensors,
  compute: (inputs: TensorMap) => TensorMap,
  tolerance = 2e-5,
): Promise<void> {
  const definition = stateless(inputs, compute);
  const reference = await (await prepareEager('cpu', definition, {})).run(inputs);
  for (const { name: place, target, provider, slack } of PLACES) {
    const step = await prepareCompiled(target, definition, {}, { threads: 1, lowMemory: false }, provider);
    const actual = await step.run(inputs);
    for (const [name, expected] of Object.entries(reference))
      expect(relativeError(actual[name], expected), `${place}: ${name}`).toBeLessThanOrEqual(tolerance * slack);
    await step.dispose();
  }
}

/** As expectSame, for the value of f and its gradients with respect to all float inputs. */
export function withGradients(
  f: (inputs: TensorMap) => tf.Tensor,
  loss: (y: tf.Tensor) => tf.Tensor,
  gradients: typeof import('../../src/engine').valueAndGradients,
): (inputs: TensorMap) => TensorMap {
  return (inputs) => {
    const trainable = Object.fromEntries(
      Object.entries(inputs).filter(([, tensor]) => tensor.dtype === 'float32'),
    );
    const { aux, gradients: found } = gradients(trainable, () => {
      const y = f(inputs);
      return { loss: loss(y), aux: { y } };
    });
    return {
      y: aux.y,
      ...Object.fromEntries(Object.entries(found).map(([name, value]) => [`d ${name}`, value])),
    };
  };
}
