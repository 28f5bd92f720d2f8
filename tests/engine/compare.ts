/** Runs one step eagerly on the reference and compiled, and says how far they are apart. */
import type * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import {
  valueAndGradients,
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

/** Where compiled steps are tested: a lowering on a provider, and how far it may be from the reference. */
interface Place {
  readonly name: string;
  readonly target: Target;
  readonly provider: Provider;
  /** Times the tolerance of the CPU. */
  readonly slack: number;
}

const ON_CPU = [portable, await cpuTarget()].map((target): Place => ({
  name: target.name,
  target,
  provider: 'cpu',
  slack: 1,
}));
const ON_WEBGPU: Place[] = [{ name: 'webgpu', target: portable, provider: 'webgpu', slack: 5 }];

/** In the child processes of webgpu.test.ts, the same tests run on that provider. */
export const PLACES = process.env.SELVEDGE_TEST_PROVIDER === 'webgpu' ? ON_WEBGPU : ON_CPU;

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

/**
 * Every output of the compiled step within `tolerance` of the reference, at every place.
 */
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
      expect(relativeError(actual[name], expected), `${place}: ${name}`).toBeLessThanOrEqual(
        tolerance * slack,
      );
    await step.dispose();
  }
}

/** As expectSame, for the value of f and its gradients with respect to all float inputs. */
export function withGradients(
  f: (inputs: TensorMap) => tf.Tensor,
  loss: (y: tf.Tensor) => tf.Tensor,
): (inputs: TensorMap) => TensorMap {
  return (inputs) => {
    const trainable = Object.fromEntries(
      Object.entries(inputs).filter(([, tensor]) => tensor.dtype === 'float32'),
    );
    const { aux, gradients } = valueAndGradients(trainable, () => {
      const y = f(inputs);
      return { loss: loss(y), aux: { y } };
    });
    return {
      y: aux.y,
      ...Object.fromEntries(Object.entries(gradients).map(([name, value]) => [`d ${name}`, value])),
    };
  };
}
