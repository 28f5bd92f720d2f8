import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorMap } from '../../../src/engine';
import { attention } from '../../../src/learning/layers/attention';
import { batchNorm } from '../../../src/learning/layers/batch-norm';
import { conv } from '../../../src/learning/layers/conv';
import { layerNorm } from '../../../src/learning/layers/layer-norm';
import { linear } from '../../../src/learning/layers/linear';
import { mlp } from '../../../src/learning/layers/mlp';
import { initialize, Weights, type Parameters } from '../../../src/learning/module';

const tensorsOf = (parameters: Parameters, seed = 0): TensorMap =>
  Object.fromEntries(
    Object.entries(initialize(parameters, seed)).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, [...shape]),
    ]),
  );
const weightsOf = (parameters: Parameters, training = false) => new Weights(tensorsOf(parameters), training);
const read = (tensor: tf.Tensor) => [...tensor.dataSync<'float32'>()];
const deviationOf = (data: ArrayLike<number>) =>
  Math.sqrt(Array.from(data).reduce((sum, v) => sum + v * v, 0) / data.length);

beforeAll(() => tf.setBackend('cpu'));

describe('conv', () => {
  it('keeps the size of its input at stride 1 and halves it, rounding up, at stride 2', () => {
    const x = tf.ones([1, 7, 7, 2]);
    for (const [stride, side] of [
      [1, 7],
      [2, 4],
    ]) {
      const layer = conv(2, 3, 3, { stride });
      expect(layer.apply(weightsOf(layer.parameters), x).shape).toEqual([1, side, side, 3]);
    }
  });

  it('starts with the deviation of kaiming fan-out', () => {
    const { weight } = initialize(conv(16, 32, 3).parameters, 1);
    expect(weight.shape).toEqual([32, 16, 3, 3]);
    expect(deviationOf(weight.data)).toBeCloseTo(Math.sqrt(2 / (32 * 9)), 2);
  });
});

describe('linear', () => {
  it('maps the last axis, whatever is before it', () => {
    const layer = linear(3, 2);
    const weights = new Weights(
      { weight: tf.tensor([1, 0, 0, 0, 1, 1], [2, 3]), bias: tf.tensor([10, 20]) },
      false,
    );
    const y = layer.apply(weights, tf.tensor([1, 2, 3, 4, 5, 6], [1, 2, 3]));
    expect(y.shape).toEqual([1, 2, 2]);
    expect(read(y)).toEqual([11, 25, 14, 31]);
  });

  it("starts within PyTorch's bounds", () => {
    const { weight, bias } = initialize(linear(25, 400).parameters, 1);
    for (const { data } of [weight, bias]) {
      expect(Math.max(...data.map(Math.abs))).toBeLessThan(0.2 + 1e-7);
      expect(deviationOf(data)).toBeCloseTo(0.2 / Math.sqrt(3), 2);
    }
  });
});

describe('batchNorm', () => {
  const layer = batchNorm(1);

  it('blends mean and unbiased variance into the running statistics, once for each pass of a step', () => {
    const updates: TensorMap = {};
    const weights = new Weights(tensorsOf(layer.parameters), true, updates);
    const y = layer.apply(weights, tf.tensor([1, 3], [2, 1]));
    expect(read(y)[1]).toBeCloseTo(1, 4);
    expect(read(updates.running_mean)[0]).toBeCloseTo(0.2, 6);
    expect(read(updates.running_var)[0]).toBeCloseTo(0.9 + 0.1 * 2, 6);
    layer.apply(weights, tf.tensor([1, 3], [2, 1]));
    expect(read(updates.running_mean)[0]).toBeCloseTo(0.9 * 0.2 + 0.1 * 2, 6);
  });

  it('uses the running statistics, and updates nothing, in evaluation mode', () => {
    const updates: TensorMap = {};
    const tensors = {
      ...tensorsOf(layer.parameters),
      running_mean: tf.tensor([3]),
      running_var: tf.tensor([4]),
    };
    const y = layer.apply(new Weights(tensors, false, updates), tf.tensor([5], [1, 1]));
    expect(read(y)[0]).toBeCloseTo(1, 5);
    expect(updates).toEqual({});
  });

  it('says what to do about a batch of one value', () => {
    expect(() => layer.apply(weightsOf(layer.parameters, true), tf.ones([1, 1]))).toThrow(
      'Batch normalization needs at least 2 values a channel in training, and this step has 1',
    );
  });
});

describe('attention', () => {
  it('has the names of timm, and mixes tokens of one image only', () => {
    const layer = attention(8, 2);
    expect(Object.keys(layer.parameters)).toEqual(['qkv.weight', 'qkv.bias', 'proj.weight', 'proj.bias']);
    const weights = weightsOf(layer.parameters);
    const first = tf.reshape(tf.linspace(-1, 1, 24), [1, 3, 8]);
    const alone = read(layer.apply(weights, first));
    const both = read(layer.apply(weights, tf.concat([first, tf.neg(first)])));
    expect(both.slice(0, 24)).toEqual(alone);
  });
});

describe('mlp and layerNorm', () => {
  it('have the names of timm', () => {
    expect(Object.keys(mlp(4, 16).parameters)).toEqual(['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias']);
    const y = layerNorm(4).apply(weightsOf(layerNorm(4).parameters), tf.tensor([1, 2, 3, 4], [1, 4]));
    expect(deviationOf(read(y))).toBeCloseTo(1, 5);
  });
});
