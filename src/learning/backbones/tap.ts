/** One vector an image from any layer of a backbone, by the layer's name. */
import * as tf from '@tensorflow/tfjs-core';
import { nearest, UserError } from '../../shared/errors';
import type { Module } from '../module';
import type { Backbone } from './backbone';

export interface Tap {
  /** Length of a vector. */
  readonly size: number;
  /** [batch, side, side, 3] to [batch, size]. */
  readonly apply: Module['apply'];
}

/** Names that `tap` takes: "embedding" and the hidden layers. */
export const tapNames = (backbone: Backbone): string[] => [
  'embedding',
  ...(backbone.kind === 'vit'
    ? Array.from({ length: backbone.depth }, (_, i) => `blocks.${i}`)
    : backbone.channels.map((_, i) => `layer${i + 1}`)),
];

/**
 * "embedding" is what the encoder puts out; of a hidden layer of a ResNet the mean over positions is taken, one of a ViT
 * is pooled as its last is.
 * @throws UserError naming the layers that there are.
 */
export function tap(backbone: Backbone, name: string): Tap {
  if (name === 'embedding') return { size: backbone.featureSize, apply: backbone.apply };
  const names = tapNames(backbone);
  const place = names.indexOf(name);
  if (place < 0) {
    const near = nearest(name, names);
    throw new UserError(
      `The encoder has no layer "${name}"`,
      near ? `Did you mean "${near}"?` : `Layers: ${names.join(', ')}.`,
      'usage',
    );
  }
  const size = backbone.kind === 'vit' ? backbone.width : backbone.channels[place - 1];
  return {
    size,
    apply: (weights, images) => {
      const hidden = backbone.features(weights, images)[name];
      return backbone.kind === 'vit' ? backbone.pool(hidden) : tf.mean(hidden, [1, 2]);
    },
  };
}
