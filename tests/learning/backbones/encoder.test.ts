import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { initialize, Weights, type Parameters } from '../../../src/learning/module';
import '../../../src/engine';

const weightsOf = (parameters: Parameters) =>
  new Weights(
    Object.fromEntries(
      Object.entries(initialize(parameters, 0)).map(([name, { data, shape }]) => [
        name,
        tf.tensor(data, [...shape]),
      ]),
    ),
    false,
  );

const millions = (parameters: Parameters) =>
  Object.values(parameters)
    .filter(({ role }) => role !== 'buffer')
    .reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0) / 1e6;

beforeAll(() => tf.setBackend('cpu'));

describe('createEncoder', () => {
  it.each([
    // torchvision's and timm's counts less their classifiers.
    [{ kind: 'resnet', depth: 18, stem: 'torchvision', width: 1 }, 224, 11.177, 512],
    [{ kind: 'resnet', depth: 34, stem: 'torchvision', width: 1 }, 224, 21.285, 512],
    [{ kind: 'resnet', depth: 50, stem: 'torchvision', width: 1 }, 224, 23.508, 2048],
    [{ kind: 'vit', size: 'tiny', patch: 16, depth: 12, pool: 'class' }, 224, 5.524, 192],
    [{ kind: 'vit', size: 'small', patch: 16, depth: 12, pool: 'class' }, 224, 21.666, 384],
    [{ kind: 'vit', size: 'base', patch: 16, depth: 12, pool: 'class' }, 224, 85.799, 768],
  ] as const)('%j has as many parameters as the published one', (config, imageSize, count, featureSize) => {
    const encoder = createEncoder(config, imageSize);
    expect(millions(encoder.parameters)).toBeCloseTo(count, 3);
    expect(encoder.featureSize).toBe(featureSize);
  });

  it('says which patch sizes fit', () => {
    expect(() => createEncoder({ kind: 'vit', size: 'tiny', patch: 5, depth: 1, pool: 'class' }, 32)).toThrow(
      'A 32 px image cannot be cut into patches of 5 px: 32 / 5 is not whole',
    );
  });

  it('shows the hidden layers of a ResNet', () => {
    const encoder = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 16);
    const features = encoder.features(weightsOf(encoder.parameters), tf.ones([1, 16, 16, 3]));
    expect(Object.entries(features).map(([name, { shape }]) => [name, ...shape])).toEqual([
      ['layer1', 1, 16, 16, 8],
      ['layer2', 1, 8, 8, 16],
      ['layer3', 1, 4, 4, 32],
      ['layer4', 1, 2, 2, 64],
    ]);
  });

  it('shows the hidden layers of a ViT', () => {
    const encoder = createEncoder({ kind: 'vit', size: 'tiny', patch: 4, depth: 2, pool: 'class' }, 8);
    const features = encoder.features(weightsOf(encoder.parameters), tf.ones([1, 8, 8, 3]));
    expect(Object.entries(features).map(([name, { shape }]) => [name, ...shape])).toEqual([
      ['blocks.0', 1, 5, 192],
      ['blocks.1', 1, 5, 192],
    ]);
  });
});
