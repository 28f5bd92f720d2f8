import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { TensorMap } from '../../src/engine';
import { trace } from '../../src/engine/trace/trace';
import { stateless, values } from './compare';

const x = values([4], 1);
const traced = (compute: (inputs: TensorMap) => TensorMap) => trace(stateless({ x }, compute));

describe('a step is refused', () => {
  it('when it draws random numbers', async () => {
    await expect(traced((t) => ({ y: tf.add(t.x, tf.randomNormal([4])) }))).rejects.toThrow(
      /draws random numbers with tf.randomNormal.*refuse.test.ts/,
    );
  });
  it('when it draws seeded random numbers', async () => {
    await expect(
      traced((t) => ({ y: tf.add(t.x, tf.randomUniform([4], 0, 1, 'float32', 7)) })),
    ).rejects.toThrow(/draws random numbers with tf.randomUniform.*refuse.test.ts/);
  });
  it('when it reads numbers', async () => {
    await expect(traced((t) => ({ y: tf.mul(t.x, t.x.dataSync()[0]) }))).rejects.toThrow(
      /reads a tensor's numbers at .*refuse.test.ts/,
    );
  });
  it('when it calls an op that the compiler lacks, naming op and line', async () => {
    await expect(traced((t) => ({ y: tf.atan2(t.x, t.x) }))).rejects.toThrow(
      /no kernel "Atan2", called at .*refuse.test.ts/,
    );
  });
  it('when an op is called in a way the compiler does not support', async () => {
    await expect(
      traced((t) => ({
        y: tf.gather(tf.reshape(t.x, [2, 2]), tf.tensor([[0], [1]], [2, 1], 'int32'), 1, 1),
      })),
    ).rejects.toThrow(/GatherV2 at .*refuse.test.ts.*batchDims/);
  });
  it('when it takes the mean of whole numbers, which would be cut off', async () => {
    await expect(traced((t) => ({ y: tf.mean(tf.cast(t.x, 'int32')) }))).rejects.toThrow(
      /Mean at .*refuse.test.ts.*int32 is not supported; cast to float32 first/,
    );
  });
  it('when a next state is missing or of another shape', async () => {
    const state = { w: { shape: [4], dtype: 'float32' as const } };
    const step = (next: (w: tf.Tensor) => TensorMap) =>
      trace({ name: 'line', state, inputs: {}, step: ({ w }) => ({ state: next(w), outputs: {} }) });
    await expect(step(() => ({}))).rejects.toThrow('line: the step returns no next state "w"');
    await expect(step((w) => ({ w: tf.sum(w) }))).rejects.toThrow(
      'line: the next state "w" is float32[], expected float32[4]',
    );
  });
  it('and leaves Math.random as it was', () => expect(Math.random()).toBeLessThan(1));
});
