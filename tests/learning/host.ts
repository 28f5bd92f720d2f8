/** Host tensors and eager runs in few words, for the tests of learning. */
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  prepareEager,
  type HostTensor,
  type HostTensors,
  type StepFunction,
  type TensorMap,
} from '../../src/engine';

export const host = (shape: readonly number[], data: ArrayLike<number>): HostTensor => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from(data),
});

export const hostInts = (shape: readonly number[], data: ArrayLike<number>): HostTensor => ({
  shape,
  dtype: 'int32',
  data: Int32Array.from(data),
});

/** Runs a pure function of tensors once on the reference backend. */
export async function evaluate(
  inputs: HostTensors,
  compute: (inputs: TensorMap) => Record<string, Tensor>,
): Promise<Record<string, number[]>> {
  const step: StepFunction = (_, tensors) => ({ state: {}, outputs: compute(tensors) });
  const prepared = await prepareEager('cpu', { name: 'test', state: {}, inputs, step }, {});
  const outputs = await prepared.run(inputs);
  await prepared.dispose();
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, [...data]]));
}
