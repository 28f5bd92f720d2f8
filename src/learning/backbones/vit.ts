/** Vision transformer with timm's names, layouts and initial values. Dosovitskiy et al. 2020, arXiv:2010.11929. */
import * as tf from '@tensorflow/tfjs-core';
import { scope } from '../../engine';
import { UserError } from '../../shared/errors';
import type { BackboneConfig } from '../../shared/run-config';
import { attentionMap } from '../layers/attention';
import { fanInUniform, normal, parameter } from '../layers/initializers';
import { layerNorm } from '../layers/layer-norm';
import { transformerBlock } from '../layers/transformer-block';
import { collect, type Module, type Weights } from '../module';
import type { HiddenPatches, VisionTransformer } from './backbone';
import { classTokenOf, POOLS } from './pool';
import { resizePositions } from './positions';

export type ViTConfig = Extract<BackboneConfig, { kind: 'vit' }>;

const SIZES: Record<ViTConfig['size'], { width: number; heads: number }> = {
  tiny: { width: 192, heads: 3 },
  small: { width: 384, heads: 6 },
  base: { width: 768, heads: 12 },
};

/**
 * The network without its classifier: the class token or the mean of the patches, normalized (timm's norm and
 * fc_norm). `features` are blocks.0, blocks.1, ..., each [batch, 1 + patches, width], the class token first, not
 * normalized.
 * @throws UserError where the image is not a whole number of patches.
 */
export function vit({ size, patch, depth, pool }: ViTConfig, imageSize: number): VisionTransformer {
  const grid = patchesAcross(imageSize, patch);
  const { width, heads } = SIZES[size];
  const embedding = embedPatches(width, patch, grid);
  const blocks = Object.fromEntries(
    Array.from({ length: depth }, (_, i) => [`blocks.${i}`, transformerBlock(width, heads)]),
  );
  const norm = layerNorm(width);
  const transform = (weights: Weights, tokens: tf.Tensor): Record<string, tf.Tensor> => {
    let x = tokens;
    return Object.fromEntries(
      Object.entries(blocks).map(([name, module]) => [name, (x = weights.apply(name, module, x))]),
    );
  };
  const features = (weights: Weights, images: tf.Tensor): Record<string, tf.Tensor> => {
    const { classToken, patches } = embedding.apply(weights, { images });
    return transform(weights, tf.concat([classToken, patches], 1));
  };
  const last = (weights: Weights, images: tf.Tensor) => features(weights, images)[`blocks.${depth - 1}`];
  const normalize = (weights: Weights, tokens: tf.Tensor) => weights.apply('norm', norm, tokens);
  return {
    kind: 'vit',
    imageSize,
    featureSize: width,
    width,
    depth,
    heads,
    patch,
    grid,
    parameters: {
      ...embedding.parameters,
      ...collect(
        Object.fromEntries(Object.entries(blocks).map(([name, { parameters }]) => [name, parameters])),
      ),
      ...collect({ norm: norm.parameters }),
    },
    features,
    embed: (weights, images, hidden) => embedding.apply(weights, { images, hidden }),
    transform,
    normalize,
    attention: (weights, images) => {
      const { classToken, patches } = embedding.apply(weights, { images });
      const embedded = tf.concat([classToken, patches], 1);
      const before = depth > 1 ? transform(weights, embedded)[`blocks.${depth - 2}`] : embedded;
      const block = weights.child(`blocks.${depth - 1}`);
      return block.apply('attn', attentionMap(width, heads), block.apply('norm1', layerNorm(width), before));
    },
    pooling: pool,
    pool: POOLS[pool],
    classToken: (weights, images) => normalize(weights, classTokenOf(last(weights, images))),
    tokens: (weights, images) => normalize(weights, last(weights, images)),
    apply: (weights, images) => normalize(weights, POOLS[pool](last(weights, images))),
  };
}

/**
 * [batch, side, side, 3] to tokens: each patch through one linear map, and the class token; position embeddings
 * added to both, interpolated where the image is not `grid` patches wide.
 */
function embedPatches(
  width: number,
  patch: number,
  grid: number,
): Module<Unembedded, { classToken: tf.Tensor; patches: tf.Tensor }> {
  const values = 3 * patch * patch;
  return {
    parameters: {
      cls_token: parameter([1, 1, width], 'weight', normal(1e-6)),
      pos_embed: parameter([1, 1 + grid * grid, width], 'weight', normal(0.02)),
      'patch_embed.proj.weight': parameter([width, 3, patch, patch], 'weight', fanInUniform(values)),
      'patch_embed.proj.bias': parameter([width], 'bias', fanInUniform(values)),
    },
    apply: (weights, { images, hidden }) =>
      scope('patch_embed', () => {
        const [batch, side] = images.shape;
        const across = patchesAcross(side, patch);
        // Values of a patch in the order (row, column, channel): rows of the image move as whole runs.
        const cut = tf.transpose(
          tf.reshape(images, [batch * across, patch, across, patch * 3]),
          [0, 2, 1, 3],
        );
        const filters = tf.transpose(weights.get('patch_embed.proj.weight'), [0, 2, 3, 1]);
        const patches = tf.matMul(
          tf.reshape(cut, [batch * across * across, values]),
          tf.reshape(filters, [width, values]),
          false,
          true,
        );
        const [classPosition, positions] = tf.split(weights.get('pos_embed'), [1, grid * grid], 1);
        const placed = resizePositions(positions, grid, across);
        const bias = weights.get('patch_embed.proj.bias');
        const rows = tf.reshape(patches, [batch, across * across, width]);
        // Not tf.tile: its gradient is one addition for each image.
        const first = tf.add(tf.zeros([batch, 1, width]), tf.add(weights.get('cls_token'), classPosition));
        return {
          classToken: first,
          patches: hidden
            ? tf.add(hide(tf.add(rows, bias), hidden), placed)
            : tf.add(rows, tf.add(placed, bias)),
        };
      }),
  };
}

interface Unembedded {
  readonly images: tf.Tensor;
  readonly hidden?: HiddenPatches | undefined;
}

/** [batch, n, width] with the token where the mask is 1. */
function hide(patches: tf.Tensor, { mask, token }: HiddenPatches): tf.Tensor {
  const hidden = tf.reshape(mask, [mask.shape[0], -1, 1]);
  return tf.add(tf.mul(patches, tf.sub(1, hidden)), tf.mul(hidden, token));
}

function patchesAcross(side: number, patch: number): number {
  if (side % patch !== 0)
    throw new UserError(
      `A ${side} px image cannot be cut into patches of ${patch} px: ${side} / ${patch} is not whole`,
      `Set backbone.patch to a divisor of ${side}, or the image size to a multiple of ${patch}.`,
    );
  return side / patch;
}
