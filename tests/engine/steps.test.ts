/** Whole tiny training steps: several in a row, compiled, end in the same state as on the reference. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  batchNormTraining,
  gelu,
  layerNorm,
  prepareEager,
  scope,
  valueAndGradients,
  type HostTensors,
  type StepDefinition,
  type TensorMap,
} from '../../src/engine';
import { compile } from '../../src/engine/compile';
import { prepareCompiled } from '../../src/engine/compiled';
import { PLACES, relativeError, values } from './compare';

/** Gradient descent with momentum on `loss`; `counter` is int32 and `frozen` never changes. */
function trainingStep(
  name: string,
  parameters: HostTensors,
  inputs: HostTensors,
  loss: (parameters: TensorMap, inputs: TensorMap, frozen: tf.Tensor) => tf.Tensor,
): { definition: StepDefinition; state: HostTensors; inputs: HostTensors } {
  const names = Object.keys(parameters);
  const momenta = names.map((key) => [
    `momentum/${key}`,
    { ...parameters[key], data: new Float32Array(parameters[key].data.length) },
  ]);
  const state: HostTensors = {
    ...parameters,
    ...Object.fromEntries(momenta),
    counter: { shape: [], dtype: 'int32', data: Int32Array.of(0) },
    frozen: values([4], 9, 0.5, 1),
  };
  const step: StepDefinition['step'] = (current, batch) => {
    const trained = Object.fromEntries(names.map((key) => [key, current[key]]));
    const { loss: value, gradients } = valueAndGradients(trained, () => ({
      loss: loss(trained, batch, current.frozen),
      aux: {},
    }));
    const next: TensorMap = { ...current, counter: tf.add(current.counter, tf.scalar(1, 'int32')) };
    for (const key of names) {
      next[`momentum/${key}`] = tf.add(tf.mul(current[`momentum/${key}`], 0.9), gradients[key]);
      next[key] = tf.sub(current[key], tf.mul(next[`momentum/${key}`], 0.05));
    }
    return { state: next, outputs: { loss: value } };
  };
  return { definition: { name, state, inputs, step }, state, inputs };
}

const small = (shape: number[], seed: number) => values(shape, seed, -0.4, 0.4);

const convolutional = trainingStep(
  'convolutional step',
  {
    conv1: small([8, 3, 3, 3], 1),
    scale: values([8], 2, 0.8, 1.2),
    offset: small([8], 3),
    conv2: small([8, 8, 3, 3], 4),
    head: small([8, 4], 5),
  },
  { x: values([4, 8, 8, 3], 6) },
  (p, { x }, frozen) => {
    const filter = (name: string) => tf.transpose(p[name], [2, 3, 1, 0]) as tf.Tensor4D;
    const y = scope('conv1', () => tf.conv2d(x as tf.Tensor4D, filter('conv1'), 1, 1));
    const z = scope('bn1', () => batchNormTraining(y, p.scale, p.offset, { relu: true }).y);
    const w = scope('conv2', () => tf.conv2d(z as tf.Tensor4D, filter('conv2'), 2, 1));
    const features = tf.mean(tf.relu(w), [1, 2]);
    const logits = tf.mul(tf.matMul(features as tf.Tensor2D, p.head as tf.Tensor2D), frozen);
    return tf.neg(tf.mean(tf.slice(tf.logSoftmax(logits), [0, 0], [4, 1])));
  },
);

const attentive = trainingStep(
  'attentive step',
  {
    qkv: small([8, 24], 1),
    scale: values([8], 2, 0.8, 1.2),
    offset: small([8], 3),
    mlp: small([8, 8], 4),
    head: small([8, 4], 5),
  },
  { x: values([2, 6, 8], 6) },
  (p, { x }, frozen) => {
    const y = layerNorm(x, p.scale, p.offset);
    const product = tf.matMul(tf.reshape<tf.Rank.R2>(y, [12, 8]), p.qkv);
    const [q, k, v] = tf.split(tf.reshape(product, [2, 6, 24]), 3, 2);
    const attention = tf.softmax(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(8)));
    const mixed = tf.add(x, tf.matMul(attention, v));
    const hidden = gelu(tf.matMul(tf.reshape<tf.Rank.R2>(mixed, [12, 8]), p.mlp));
    const logits = tf.mul(tf.matMul(hidden as tf.Tensor2D, p.head as tf.Tensor2D), frozen);
    return tf.mean(tf.square(logits));
  },
);

describe('training steps', () => {
  for (const { name, target, provider, slack } of PLACES)
    for (const { definition, state, inputs } of [convolutional, attentive])
      it(`${definition.name} on ${name}`, async () => {
        const reference = await prepareEager('cpu', definition, state);
        const step = await prepareCompiled(
          target,
          definition,
          state,
          { threads: 1, lowMemory: false },
          provider,
        );
        const losses = [];
        for (let i = 0; i < 3; i++) {
          const [actual, expected] = [await step.run(inputs), await reference.run(inputs)];
          expect(relativeError(actual.loss, expected.loss)).toBeLessThan(2e-5 * slack);
          losses.push(actual.loss.data[0]);
        }
        expect(losses[2]).toBeLessThan(losses[0]);
        const [actual, expected] = [await step.readState(), await reference.readState()];
        expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
        for (const [key, value] of Object.entries(expected))
          expect(relativeError(actual[key], value), key).toBeLessThan(2e-5 * slack);

        await step.writeState(state);
        expect((await step.run(inputs)).loss.data[0]).toBeCloseTo(losses[0], 6);
        expect((await step.readState()).counter.data[0]).toBe(1);
        await step.dispose();
        await reference.dispose();
      }, 120_000);
});

describe('low memory', () => {
  it('computes activations again, and ends in the very same state', async () => {
    const layers = ['a', 'b', 'c', 'd', 'e'];
    const { definition, state, inputs } = trainingStep(
      'deep step',
      Object.fromEntries(layers.map((name, i) => [name, small([8, 8], i)])),
      { x: values([12, 8], 6) },
      (p, { x }) => tf.mean(tf.square(layers.reduce((y, name) => gelu(tf.matMul(y, p[name])), x))),
    );
    const [{ target, provider }] = PLACES;
    const count = async (lowMemory: boolean) =>
      (await compile(definition, target, lowMemory)).graph.nodes.filter(({ op }) => op === 'Gelu').length;
    expect(await count(true)).toBeGreaterThan(await count(false));
    const ends = [];
    for (const lowMemory of [false, true]) {
      const step = await prepareCompiled(target, definition, state, { threads: 1, lowMemory }, provider);
      for (let i = 0; i < 2; i++) await step.run(inputs);
      ends.push(await step.readState());
      await step.dispose();
    }
    expect(ends[1]).toEqual(ends[0]);
  });
});
