import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { featureNames, featureOf } from '../../../src/learning/backbones/features';
import { Weights } from '../../../src/learning/module';
import type { VisionTransformer } from '../../../src/learning/backbones';

const vit = createEncoder({ kind: 'vit', size: 'tiny', patch: 4, depth: 1 }, 8) as VisionTransformer;
const resnet = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 8);

it('names what each backbone has', () => {
  expect(featureNames(vit)).toEqual(['embedding', 'cls', 'cls+gem', 'blocks.0']);
  expect(featureNames(resnet)).toEqual(['embedding', 'layer1', 'layer2', 'layer3', 'layer4']);
});

it('"cls" is the embedding of a ViT', () => {
  expect(featureOf(vit, 'cls').apply).toBe(vit.apply);
});

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
