/** Where in an image an encoder looks: attention of a vision transformer, Grad-CAM of a convolutional network. */
import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients, type StepDefinition, type TensorMap } from '../engine';
import type { Backbone, ConvolutionalBackbone, VisionTransformer } from './backbones';
import { inference, normalize, type Normalization } from './embedding';
import { named, specsOf } from './training/state';

/**
 * What the class token takes from each patch in the last block, as Caron et al. 2021 (arXiv:2104.14294) show it. State
 * and input `images` as `createEmbeddingStep`, of one image. Output `attention` [heads, grid, grid]: each head's shares
 * of the patches; with the class token's own they sum to 1.
 */
export function createAttentionStep(
  backbone: VisionTransformer,
  normalization: Normalization,
): StepDefinition {
  const { heads, grid } = backbone;
  return lookingStep('attention', backbone, normalization, (weights, pixels) => {
    const all = backbone.attention(weights, pixels);
    const tokens = 1 + grid * grid;
    const [ofClass] = tf.split(all, [1, tokens - 1], 2);
    const [, toPatches] = tf.split(ofClass, [1, tokens - 1], 3);
    return { attention: tf.reshape(toPatches, [heads, grid, grid]) };
  });
}

/**
 * "cosine": how much each place makes the image more like the other one. "share": how much each place brings into the
 * image's own embedding; the cosine to itself is greatest as it is, so that its gradient says nothing.
 */
export type SimilarityGoal = 'cosine' | 'share';

/**
 * Grad-CAM (Selvaraju et al. 2017, arXiv:1610.02391) of one image, the score being its similarity to `target` in
 * place of a class's: the layer's channels weighted by the mean of their gradients, what is negative cut off. State and
 * input `images` as `createEmbeddingStep`; input `target` [1, channels], of unit length. Output `map` [side, side], and
 * `embedding` [1, channels], the mean over positions of the layer, not normalized.
 * @param layer "layer1" to "layer4"; the embedding is of "layer4".
 */
export function createSimilarityStep(
  backbone: ConvolutionalBackbone,
  layer: string,
  goal: SimilarityGoal,
  normalization: Normalization,
): StepDefinition {
  const channels = backbone.channels[Number(layer.slice('layer'.length)) - 1];
  const target = { target: { shape: [1, channels], dtype: 'float32' } } as const;
  const compute = (weights: ReturnType<typeof inference>, pixels: tf.Tensor, inputs: TensorMap) => {
    const activation = backbone.features(weights, pixels)[layer];
    const { aux, gradients } = valueAndGradients({ activation }, () => {
      const embedding = tf.mean(activation, [1, 2]);
      const dot = tf.sum(tf.mul(embedding, inputs.target));
      return { loss: goal === 'share' ? dot : tf.div(dot, tf.norm(embedding)), aux: { embedding } };
    });
    const weight = tf.mean(gradients.activation, [1, 2], true);
    const map = tf.relu(tf.sum(tf.mul(activation, weight), 3));
    const [, height, width] = map.shape;
    return { map: tf.reshape(map, [height, width]), embedding: aux.embedding };
  };
  return lookingStep(`similarity of ${layer}`, backbone, normalization, compute, target);
}

function lookingStep(
  name: string,
  backbone: Backbone,
  normalization: Normalization,
  compute: (weights: ReturnType<typeof inference>, pixels: tf.Tensor, inputs: TensorMap) => TensorMap,
  more: StepDefinition['inputs'] = {},
): StepDefinition {
  const side = backbone.imageSize;
  return {
    name,
    state: specsOf(named({ encoder: backbone.parameters })),
    inputs: { images: { shape: [1, side, side, 3], dtype: 'float32' }, ...more },
    step: (state, inputs) => {
      const pixels = normalize(tf.mul(inputs.images, 1 / 255), normalization);
      return { state, outputs: compute(inference(state, 'encoder'), pixels, inputs) };
    },
  };
}
