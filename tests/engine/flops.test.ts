/** src/engine/graph/flops.ts, against counts made by hand. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { valueAndGradients } from '../../src/engine';
import { graphOf } from '../../src/engine/compile';
import { countFlops } from '../../src/engine/graph/flops';
import type { StepDefinition } from '../../src/engine/types';

const flops = async (definition: Omit<StepDefinition, 'name'>) =>
  countFlops(await graphOf({ name: 'counted', ...definition }));
const float = (...shape: number[]) => ({ shape, dtype: 'float32' as const });

test('a product of [4, 8] and [8, 3], transposed or not', async () => {
  const plain = await flops({
    state: {},
    inputs: { a: float(4, 8), b: float(8, 3) },
    step: (state, { a, b }) => ({ state, outputs: { y: tf.matMul(a, b) } }),
  });
  const transposed = await flops({
    state: {},
    inputs: { a: float(8, 4), b: float(3, 8) },
    step: (state, { a, b }) => ({ state, outputs: { y: tf.matMul(a, b, true, true) } }),
  });
  expect([plain, transposed]).toEqual([2 * 4 * 3 * 8, 2 * 4 * 3 * 8]);
});

test('a strided convolution and both of its gradients cost the same each', async () => {
  const forward = 2 * (2 * 4 * 4 * 5) * (3 * 3 * 3);
  const state = { filter: float(3, 3, 3, 5) };
  const apply = (x: tf.Tensor, filter: tf.Tensor) =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same');
  const inputs = { x: float(2, 8, 8, 3) };
  expect(
    await flops({
      state,
      inputs,
      step: (current, { x }) => ({ state: current, outputs: { y: apply(x, current.filter) } }),
    }),
  ).toBe(forward);
  expect(
    await flops({
      state,
      inputs,
      step: (current, { x }) => {
        const { gradients } = valueAndGradients({ filter: current.filter, image: x }, () => ({
          loss: tf.sum(tf.square(apply(x, current.filter))),
          aux: {},
        }));
        return { state: current, outputs: gradients };
      },
    }),
  ).toBe(3 * forward);
});
