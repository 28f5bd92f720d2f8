import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { featureNames, featureOf } from '../../../src/learning/backbones/features';
import { initialize, Weights } from '../../../src/learning/module';
import type { VisionTransformer } from '../../../src/learning/backbones';
import { values } from '../../golden/formula';
import { expectClose } from '../close';
import { evaluate, host } from '../host';

const vit = createEncoder(
  { kind: 'vit', size: 'tiny', patch: 4, depth: 1, pool: 'class' },
  8,
) as VisionTransformer;
const resnet = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 8);

it('names what each backbone has', () => {
  expect(featureNames(vit)).toEqual(['embedding', 'cls', 'cls+gem', 'blocks.0']);
  expect(featureNames(resnet)).toEqual(['embedding', 'layer1', 'layer2', 'layer3', 'layer4']);
});

it.each(['class', 'mean'] as const)(
  '"cls" is the normalized class token of a ViT with pool "%s"',
  async (pool) => {
    const encoder = createEncoder(
      { kind: 'vit', size: 'tiny', patch: 4, depth: 2, pool },
      8,
    ) as VisionTransformer;
    const inputs = {
      ...initialize(encoder.parameters, 0),
      images: host([2, 8, 8, 3], values('features', 384)),
    };
    const found = await evaluate(inputs, ({ images, ...tensors }) => {
      const weights = new Weights(tensors, false);
      return {
        cls: featureOf(encoder, 'cls').apply(weights, images),
        embedding: encoder.apply(weights, images),
        tokens: encoder.tokens(weights, images),
        last: encoder.features(weights, images)['blocks.1'],
      };
    });
    const tokens = tf.tensor(found.tokens, [2, 5, 192]);
    expectClose(found.cls, tf.slice(tokens, [0, 0, 0], [2, 1, 192]).dataSync());
    if (pool === 'class') return expectClose(found.embedding, found.cls);
    // By hand: the mean of the four patches, then layer normalization with the initial scale 1 and offset 0.
    const means = tf.mean(tf.slice(tf.tensor(found.last, [2, 5, 192]), [0, 1, 0], [2, 4, 192]), 1);
    const { mean, variance } = tf.moments(means, 1, true);
    expectClose(found.embedding, tf.div(tf.sub(means, mean), tf.sqrt(tf.add(variance, 1e-6))).dataSync());
  },
);

it('"cls+gem" puts the generalized mean of the patches beside the class token', () => {
  // Tokens by hand: [1, 1 + 2 patches, 2].
  const tokens = tf.tensor([
    [
      [5, -6],
      [1, -3],
      [3, 2],
    ],
  ]);
  const two = { ...vit, width: 2, tokens: () => tokens };
  const { size, apply } = featureOf(two, 'cls+gem');
  expect(size).toBe(4);
  const found = [...apply(new Weights({}, false), tokens).dataSync()];
  // ((1^4 + 3^4) / 2)^(1/4), and a negative value counts as 1e-6.
  const expected = [5, -6, ((1 + 81) / 2) ** 0.25, (16 / 2) ** 0.25];
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
});

it('refuses a class token of a ResNet, and names that do not exist', () => {
  expect(() => featureOf(resnet, 'cls')).toThrow(/only vision transformers have a class token/);
  expect(() => featureOf(vit, 'blocks.7')).toThrow(/no layer "blocks.7"/);
});
