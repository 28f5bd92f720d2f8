import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDevice, prepareEager, type HostTensors, type StepDefinition } from '../../src/engine';
import { createEncoder } from '../../src/learning/backbones';
import type { ConvolutionalBackbone, VisionTransformer } from '../../src/learning/backbones';
import { embeddingState } from '../../src/learning/embedding';
import { initialize, Weights } from '../../src/learning/module';
import { createAttentionStep, createSimilarityStep } from '../../src/learning/where-it-looks';
import { values } from '../golden/formula';
import { expectClose } from './close';
import { evaluate, host } from './host';

const plain = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] } as const;
const normalization = { mean: [...plain.mean], std: [...plain.std] } as never;
const images = host([1, 8, 8, 3], values('looks', 192));

/** Eager, and compiled for the CPU. */
async function run(definition: StepDefinition, state: HostTensors, inputs: HostTensors) {
  const eager = await prepareEager('cpu', definition, state);
  const { device } = await openDevice('cpu', { threads: 1, lowMemory: true });
  const compiled = await device.prepare(definition, state);
  const found = { eager: await eager.run(inputs), compiled: await compiled.run(inputs) };
  await Promise.all([eager.dispose(), compiled.dispose()]);
  await device.dispose();
  return found;
}

describe('attention of a vision transformer', () => {
  it.each([1, 2])('is that of the class token in the last of %i blocks, head by head', async (depth) => {
    const config = { kind: 'vit', size: 'tiny', patch: 4, depth, pool: 'class' } as const;
    const backbone = createEncoder(config, 8) as VisionTransformer;
    const parameters = initialize(backbone.parameters, 0);
    // Initial weights attend to all alike.
    for (const [name, { data }] of Object.entries(parameters))
      if (name.endsWith('qkv.weight')) for (let i = 0; i < data.length; i++) data[i] *= 30;
    const block = `blocks.${depth - 1}`;

    // By hand: layer normalization, q and k of each head by slices, softmax of one row.
    const wanted = await evaluate({ ...parameters, images }, ({ images: pixels, ...tensors }) => {
      const weights = new Weights(tensors, false);
      const { classToken, patches } = backbone.embed(weights, pixels);
      const embedded = tf.concat([classToken, patches], 1);
      const x = depth > 1 ? backbone.features(weights, pixels)['blocks.0'] : embedded;
      const { mean, variance } = tf.moments(x, 2, true);
      const normal = tf.add(
        tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-6))), tensors[`${block}.norm1.weight`]),
        tensors[`${block}.norm1.bias`],
      );
      const tokens = tf.reshape(normal, [5, 192]);
      const qkv = tf.add(
        tf.matMul(tokens, tensors[`${block}.attn.qkv.weight`] as tf.Tensor2D, false, true),
        tensors[`${block}.attn.qkv.bias`],
      );
      const heads = [0, 1, 2].map((head) => {
        const q = tf.slice(qkv, [0, head * 64], [1, 64]);
        const k = tf.slice(qkv, [0, 192 + head * 64], [5, 64]);
        const shares = tf.softmax(tf.div(tf.matMul(q, k, false, true), 8));
        return tf.slice(shares, [0, 1], [1, 4]);
      });
      return { attention: tf.concat(heads, 0) };
    });

    const { eager, compiled } = await run(
      createAttentionStep(backbone, normalization),
      embeddingState(parameters),
      { images },
    );
    expect(eager.attention.shape).toEqual([3, 2, 2]);
    expectClose(eager.attention.data, wanted.attention);
    expectClose(compiled.attention.data, wanted.attention);
    const [first] = wanted.attention;
    expect(wanted.attention.some((share) => Math.abs(share - first) > 0.01)).toBe(true);
  });
});

describe('similarity of a convolutional network', () => {
  const config = { kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 } as const;
  const backbone = createEncoder(config, 16) as ConvolutionalBackbone;
  const parameters = initialize(backbone.parameters, 0);
  const pixels = host([1, 16, 16, 3], values('looks', 768));

  const activationOf = (layer: string) =>
    evaluate({ ...parameters, images: pixels }, ({ images: input, ...tensors }) => ({
      activation: backbone.features(new Weights(tensors, false), input)[layer],
    }));
  const unit = (vector: readonly number[]) => vector.map((value) => value / Math.hypot(...vector));
  const meanOf = (activation: readonly number[], places: number, channels: number) =>
    Array.from({ length: channels }, (_, c) => {
      let sum = 0;
      for (let place = 0; place < places; place++) sum += activation[place * channels + c];
      return sum / places;
    });

  it('to another weighs channels by finite differences of the cosine', async () => {
    const { activation } = await activationOf('layer4');
    const [places, channels] = [4, 64];
    const target = unit(values('target', channels) as unknown as number[]);
    const cosine = (mean: readonly number[]) =>
      mean.reduce((sum, value, c) => sum + value * target[c], 0) / Math.hypot(...mean);
    const mean = meanOf(activation, places, channels);
    const step = 1e-5;
    const weights = mean.map((_, c) => {
      const moved = (by: number) => cosine(mean.map((value, i) => (i === c ? value + by : value)));
      return (moved(step) - moved(-step)) / (2 * step) / places;
    });
    const wanted = Array.from({ length: places }, (_, place) =>
      Math.max(
        0,
        weights.reduce((sum, weight, c) => sum + weight * activation[place * channels + c], 0),
      ),
    );
    const { eager, compiled } = await run(
      createSimilarityStep(backbone, 'layer4', 'cosine', normalization),
      embeddingState(parameters),
      { images: pixels, target: host([1, channels], target) },
    );
    expect(eager.map.shape).toEqual([2, 2]);
    expect(Math.max(...wanted)).toBeGreaterThan(0);
    for (const { map, embedding } of [eager, compiled]) {
      [...map.data].forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 4));
      expectClose(embedding.data, mean);
    }
  });

  it('to itself is what each place brings into the embedding', async () => {
    const { activation } = await activationOf('layer2');
    const [places, channels] = [64, 16];
    const target = unit(meanOf(activation, places, channels));
    const wanted = Array.from({ length: places }, (_, place) =>
      target.reduce((sum, value, c) => sum + (value * activation[place * channels + c]) / places, 0),
    );
    const { compiled } = await run(
      createSimilarityStep(backbone, 'layer2', 'share', normalization),
      embeddingState(parameters),
      { images: pixels, target: host([1, channels], target) },
    );
    expect(compiled.map.shape).toEqual([8, 8]);
    expectClose(compiled.map.data, wanted);
  });
});
