import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEncoder, type Backbone } from '../../../src/learning/backbones';
import { tap, tapNames } from '../../../src/learning/backbones/tap';
import { initialize, Weights } from '../../../src/learning/module';
import { values } from '../../golden/formula';
import { expectClose } from '../close';
import { evaluate, host } from '../host';

const resnet = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 8);
const vit = createEncoder({ kind: 'vit', size: 'tiny', patch: 4, depth: 2, pool: 'class' }, 8);

/** The vectors of `name`, and what `wanted` makes of the hidden layers, for the same two images. */
async function compare(encoder: Backbone, name: string, wanted: (hidden: tf.Tensor) => tf.Tensor) {
  const inputs = { ...initialize(encoder.parameters, 0), images: host([2, 8, 8, 3], values('tap', 384)) };
  const found = await evaluate(inputs, ({ images, ...tensors }) => {
    const weights = new Weights(tensors, false);
    return {
      tapped: tap(encoder, name).apply(weights, images),
      wanted: wanted(encoder.features(weights, images)[name]),
    };
  });
  expect(found.tapped).toHaveLength(2 * tap(encoder, name).size);
  expectClose(found.tapped, found.wanted);
}

describe('tap', () => {
  it('takes the mean over positions of a layer of a ResNet', async () => {
    expect(tap(resnet, 'layer2').size).toBe(16);
    await compare(resnet, 'layer2', (hidden) => tf.mean(hidden, [1, 2]));
  });

  it('takes the class token of a block of a ViT', async () => {
    expect(tap(vit, 'blocks.0').size).toBe(192);
    await compare(vit, 'blocks.0', (hidden) => tf.slice(hidden, [0, 0, 0], [-1, 1, -1]));
  });

  it('is the encoder itself for "embedding"', () => {
    expect(tap(vit, 'embedding')).toEqual({ size: 192, apply: vit.apply });
  });

  it('knows the layers of a backbone', () => {
    expect(tapNames(resnet)).toEqual(['embedding', 'layer1', 'layer2', 'layer3', 'layer4']);
    expect(tapNames(vit)).toEqual(['embedding', 'blocks.0', 'blocks.1']);
  });

  it('names the layer that was likely meant, and else all of them', () => {
    const hintOf = (backbone: Backbone, name: string): unknown => {
      try {
        return tap(backbone, name);
      } catch (error) {
        return (error as { hint?: string }).hint;
      }
    };
    expect(hintOf(resnet, 'layer22')).toBe('Did you mean "layer2"?');
    expect(hintOf(vit, 'conv')).toBe('Layers: embedding, blocks.0, blocks.1.');
  });
});
