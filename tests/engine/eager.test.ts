import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { batchNormTraining, prepareEager, valueAndGradients, type StepDefinition } from '../../src/engine';

const float = (shape: number[], data: number[]) => ({
  shape,
  dtype: 'float32' as const,
  data: Float32Array.from(data),
});

const definition: StepDefinition = {
  name: 'line',
  state: { w: { shape: [2], dtype: 'float32' }, mean: { shape: [2], dtype: 'float32' } },
  inputs: { x: { shape: [3, 2], dtype: 'float32' } },
  step: ({ w }, { x }) => {
    const { loss, aux, gradients } = valueAndGradients({ w }, () => {
      const { y, mean } = batchNormTraining(x, w, tf.zeros([2]), { relu: true });
      return { loss: tf.sum(tf.square(y)), aux: { mean } };
    });
    return { state: { w: tf.sub(w, tf.mul(gradients.w, 0.1)), mean: aux.mean }, outputs: { loss } };
  },
};

describe('prepareEager', () => {
  it('carries the state from step to step and leaks no tensor', async () => {
    const step = await prepareEager('cpu', definition, { w: float([2], [1, 2]), mean: float([2], [0, 0]) });
    const inputs = { x: float([3, 2], [1, 2, 3, 4, 8, 9]) };
    const first = await step.run(inputs);
    const before = tf.memory().numTensors;
    const second = await step.run(inputs);
    expect(tf.memory().numTensors).toBe(before);
    expect(second.loss.data[0]).toBeLessThan(first.loss.data[0]);
    const { mean } = await step.readState();
    expect([...mean.data]).toEqual([4, 5]);
    await step.dispose();
  });

  it('names an input that does not fit', async () => {
    const step = await prepareEager('cpu', definition, { w: float([2], [1, 2]), mean: float([2], [0, 0]) });
    await expect(step.run({ x: float([2, 2], [1, 2, 3, 4]) })).rejects.toThrow(
      'line: input "x" is float32[2, 2] with 4 values, expected float32[3, 2]',
    );
  });
});
