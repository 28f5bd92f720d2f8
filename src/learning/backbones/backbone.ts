/** What a network offers to a method: an embedding of an image, and the hidden layers on the way to it. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TokenizerConfig } from '../../shared/run-config';
import type { Module, Parameters, Weights } from '../module';

/** An image encoder without head: images to one embedding each. */
export interface Encoder extends Module {
  /** Side of the square input images, px. */
  readonly imageSize: number;
  /** Length of an embedding. */
  readonly featureSize: number;
  readonly parameters: Parameters;
  /**
   * @param images [batch, side, side, 3], normalized. The side may differ from `imageSize`: a ResNet takes any, a ViT
   * any whole number of patches, its position embeddings interpolated.
   * @returns [batch, featureSize].
   */
  readonly apply: (weights: Weights, images: Tensor) => Tensor;
}

interface WithFeatures extends Encoder {
  /** Outputs of the hidden layers by their parameter prefix, in order; one forward pass. */
  readonly features: (weights: Weights, images: Tensor) => Record<string, Tensor>;
}

/** `features` are layer1 to layer4, [batch, height, width, channels]. */
export interface ConvolutionalBackbone extends WithFeatures {
  readonly kind: 'resnet';
  /** Channels of layer1 to layer4. */
  readonly channels: readonly number[];
}

/** `features` are blocks.0, blocks.1, ..., [batch, 1 + patches, width], the class token first, not normalized. */
export interface VisionTransformer extends WithFeatures {
  readonly kind: 'vit';
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Side of a patch, px. */
  readonly patch: number;
  /** Patches along a side of an image of `imageSize`. */
  readonly grid: number;
  /**
   * Images to tokens with their positions added: class token [batch, 1, width], patches [batch, n, width].
   * @param hidden what stands in some patches' places.
   */
  readonly embed: (
    weights: Weights,
    images: Tensor,
    hidden?: HiddenPatches,
  ) => { classToken: Tensor; patches: Tensor };
  /** Any [batch, tokens, width] through the blocks; the outputs of each by its name, not normalized. */
  readonly transform: (weights: Weights, tokens: Tensor) => Record<string, Tensor>;
  /** The last layer normalization. */
  readonly normalize: (weights: Weights, tokens: Tensor) => Tensor;
  /** Of the last block: how much each token takes from each, [batch, heads, 1 + patches, 1 + patches]. */
  readonly attention: (weights: Weights, images: Tensor) => Tensor;
  /** What its embedding is made of. */
  readonly pooling: 'class' | 'mean';
  /** [batch, 1 + patches, width] to what stands for the image, [batch, width]: the class token or the patches' mean. */
  readonly pool: (tokens: Tensor) => Tensor;
  /** The class token of the last block, normalized, whatever the embedding is: [batch, width]. */
  readonly classToken: (weights: Weights, images: Tensor) => Tensor;
  /** All tokens of the last block, normalized: [batch, 1 + patches, width]. */
  readonly tokens: (weights: Weights, images: Tensor) => Tensor;
}

/** `features` are layer1 alone: the places that are quantized, [batch, grid, grid, channels]. */
export interface TokenizerBackbone extends WithFeatures {
  readonly kind: 'tokenizer';
  readonly channels: readonly [number];
  readonly grid: number;
  readonly shape: TokenizerConfig;
}

/** Patches whose content a mask token takes the place of; their positions stay. */
export interface HiddenPatches {
  /** [batch, patches], 1 where hidden, else 0. */
  readonly mask: Tensor;
  /** [1, 1, width]. */
  readonly token: Tensor;
}

export type Backbone = ConvolutionalBackbone | VisionTransformer | TokenizerBackbone;
