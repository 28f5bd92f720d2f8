import * as tf from '@tensorflow/tfjs-core';
import * as ort from '../../src/engine/onnxruntime';
import { describe, expect, it } from 'vitest';
import { ANY_BATCH, exportOnnx, prepareEager, type StepDefinition } from '../../src/engine';
import { relativeError, values } from './compare';

/** A convolution, a token that is repeated for each image, and a mean over both. */
const network = (batch: number): StepDefinition => ({
  name: 'network',
  state: { filter: { shape: [4, 3, 3, 3], dtype: 'float32' }, token: { shape: [1, 1, 4], dtype: 'float32' } },
  inputs: { images: { shape: [batch, 3, 8, 8], dtype: 'float32' } },
  step: (state, { images }) => {
    const x = tf.transpose(images, [0, 2, 3, 1]) as tf.Tensor4D;
    const y = tf.relu(tf.conv2d(x, tf.transpose(state.filter, [2, 3, 1, 0]) as tf.Tensor4D, 2, 1));
    const tokens = tf.concat([tf.tile(state.token, [batch, 1, 1]), tf.reshape(y, [batch, 16, 4])], 1);
    return { state, outputs: { embedding: tf.mean(tokens, 1) } };
  },
});

describe('exportOnnx', () => {
  it('writes a file that takes any batch size', async () => {
    const state = { filter: values([4, 3, 3, 3], 1), token: values([1, 1, 4], 2) };
    const session = await ort.InferenceSession.create(await exportOnnx(network(ANY_BATCH), state));
    expect(session.inputNames).toEqual(['images']);
    expect(session.outputNames).toEqual(['embedding']);
    for (const batch of [1, 2, 5]) {
      const images = values([batch, 3, 8, 8], batch);
      const { embedding } = await (await prepareEager('cpu', network(batch), state)).run({ images });
      const feeds = { images: new ort.Tensor('float32', images.data as Float32Array, images.shape) };
      const result = (await session.run(feeds)).embedding;
      const actual = { shape: result.dims, dtype: 'float32' as const, data: result.data as Float32Array };
      expect(relativeError(actual, embedding)).toBeLessThan(1e-6);
    }
  });
});
