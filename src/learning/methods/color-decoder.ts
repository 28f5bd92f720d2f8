/** From an encoder's layers to a map of class scores, one vector a place: the decoder of colorization. */
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../shared/errors';
import type { Backbone, ConvolutionalBackbone, VisionTransformer } from '../backbones';
import { mlpHead } from '../heads';
import { batchNorm } from '../layers/batch-norm';
import { conv } from '../layers/conv';
import { doubling } from '../layers/conv-transpose';
import { linear } from '../layers/linear';
import { sequential } from '../layers/sequential';
import { collect, type Module, type Parameters, type Weights } from '../module';

export interface MapDecoder {
  readonly parameters: Parameters;
  readonly apply: (
    weights: { readonly encoder: Weights; readonly decoder: Weights },
    images: tf.Tensor,
  ) => DecodedMap;
}

export interface DecodedMap {
  /** [batch * side * side, outputs]. */
  readonly scores: tf.Tensor;
  /** Places along a side of the map. */
  readonly side: number;
  /** [batch, featureSize]: what the encoder says of each image. */
  readonly embedding: tf.Tensor;
}

/**
 * Of a ResNet: layer4, twice doubled in size, layer3 and layer2 added on the way; the map has layer2's size. Of a ViT:
 * each patch's token through a perceptron; a place for each patch.
 * @param width channels of the hidden layers.
 * @throws UserError for the encoder of a tokenizer, which has one layer only.
 */
export function mapDecoder(encoder: Backbone, width: number, outputs: number): MapDecoder {
  if (encoder.kind === 'resnet') return convolutionalDecoder(encoder, width, outputs);
  if (encoder.kind === 'vit') return tokenDecoder(encoder, width, outputs);
  throw new UserError(
    `Colours are predicted from several layers, and backbone.kind is "${encoder.kind}", which has one`,
    'Set backbone.kind to "resnet" or "vit".',
  );
}

function convolutionalDecoder(encoder: ConvolutionalBackbone, width: number, outputs: number): MapDecoder {
  const [, layer2, layer3, layer4] = encoder.channels;
  const side4 = conv(layer4, width, 1);
  const side3 = conv(layer3, width, 1);
  const side2 = conv(layer2, width, 1);
  const up = doubling(width, width);
  const norm = batchNorm(width, { relu: true });
  const last = sequential({ 0: conv(width, width, 3), 1: batchNorm(width, { relu: true }) });
  const classify = linear(width, outputs);

  /** The smaller map doubled, and the larger layer added. */
  const join = (weights: Weights, x: tf.Tensor, layer: tf.Tensor, names: string[], side: Module) => {
    const doubled = weights.apply(names[0], up, { x, side: layer.shape[1]! });
    const sum = tf.add(doubled, weights.apply(names[1], side, layer));
    return weights.apply(names[2], norm, sum);
  };
  return {
    parameters: collect({
      side4: side4.parameters,
      norm4: norm.parameters,
      up3: up.parameters,
      side3: side3.parameters,
      norm3: norm.parameters,
      up2: up.parameters,
      side2: side2.parameters,
      norm2: norm.parameters,
      last: last.parameters,
      classify: classify.parameters,
    }),
    apply: ({ encoder: body, decoder }, images) => {
      const features = encoder.features(body, images);
      let x = decoder.apply('norm4', norm, decoder.apply('side4', side4, features.layer4));
      x = join(decoder, x, features.layer3, ['up3', 'side3', 'norm3'], side3);
      x = join(decoder, x, features.layer2, ['up2', 'side2', 'norm2'], side2);
      x = decoder.apply('last', last, x);
      const side = x.shape[1]!;
      const rows = tf.reshape(x, [-1, width]);
      return {
        scores: decoder.apply('classify', classify, rows),
        side,
        embedding: tf.mean(features.layer4, [1, 2]),
      };
    },
  };
}

function tokenDecoder(encoder: VisionTransformer, width: number, outputs: number): MapDecoder {
  const head = mlpHead({ sizes: [encoder.width, width, outputs], batchNorm: true });
  return {
    parameters: head.parameters,
    apply: ({ encoder: body, decoder }, images) => {
      const tokens = encoder.tokens(body, images);
      const patches = tokens.shape[1]! - 1;
      const [first, rest] = tf.split(tokens, [1, patches], 1);
      return {
        scores: head.apply(decoder, tf.reshape(rest, [-1, encoder.width])),
        side: Math.sqrt(patches),
        embedding: tf.reshape(first, [-1, encoder.width]),
      };
    },
  };
}
