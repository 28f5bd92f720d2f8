/** Using a trained encoder: images to embeddings, to class scores, and as a model for other programs. */
import * as tf from '@tensorflow/tfjs-core';
import type { HostTensors, StepDefinition, TensorMap } from '../engine';
import type { DataConfig } from '../shared/run-config';
import type { Encoder } from './backbones/backbone';
import type { MethodModel } from './method';
import { Weights } from './module';
import { named, prefixed, specsOf } from './training/state';

/** How pixels become what an encoder was trained on. */
export type Normalization = Pick<DataConfig, 'mean' | 'std'>;

/**
 * Embeds a batch. State: the encoder's tensors as "encoder/<name>" (`embeddingState`). Input `images` [batchSize,
 * imageSize, imageSize, 3], RGB in 0..255. Output `embedding` [batchSize, featureSize], not normalized.
 */
export function createEmbeddingStep(
  encoder: Encoder,
  batchSize: number,
  normalization: Normalization,
): StepDefinition {
  const side = encoder.imageSize;
  return {
    name: 'embedding',
    state: specsOf(named({ encoder: encoder.parameters })),
    inputs: { images: { shape: [batchSize, side, side, 3], dtype: 'float32' } },
    step: (state, { images }) => {
      const pixels = normalize(tf.mul(images, 1 / 255), normalization);
      return { state, outputs: { embedding: encoder.apply(inference(state, 'encoder'), pixels) } };
    },
  };
}

/**
 * As `createEmbeddingStep`, as other programs expect it: input `images` [batchSize, 3, imageSize, imageSize] in
 * 0..1, channels first; the normalization is inside.
 */
export function createEncoderExport(
  encoder: Encoder,
  batchSize: number,
  normalization: Normalization,
): StepDefinition {
  const side = encoder.imageSize;
  return {
    name: 'encoder',
    state: specsOf(named({ encoder: encoder.parameters })),
    inputs: { images: { shape: [batchSize, 3, side, side], dtype: 'float32' } },
    step: (state, { images }) => {
      const pixels = normalize(tf.transpose(images, [0, 2, 3, 1]), normalization);
      return { state, outputs: { embedding: encoder.apply(inference(state, 'encoder'), pixels) } };
    },
  };
}

/**
 * Class scores of a batch, for methods that classify. State: all parts of the model, as in training. Input as
 * `createEmbeddingStep`. Output `logits` [batchSize, classes].
 */
export function createPredictionStep(
  model: MethodModel,
  imageSize: number,
  batchSize: number,
  normalization: Normalization,
): StepDefinition {
  const { predict } = model;
  if (!predict) throw new Error('This method does not classify');
  return {
    name: 'prediction',
    state: specsOf(named(model.parts)),
    inputs: { images: { shape: [batchSize, imageSize, imageSize, 3], dtype: 'float32' } },
    step: (state, { images }) => {
      const parts = Object.keys(model.parts).map((part) => [part, inference(state, part)] as const);
      const pixels = normalize(tf.mul(images, 1 / 255), normalization);
      return { state, outputs: { logits: predict(Object.fromEntries(parts), pixels) } };
    },
  };
}

/** The state of `createEmbeddingStep` and `createEncoderExport` from an encoder's tensors (`encoderOf`). */
export const embeddingState = (encoder: HostTensors): HostTensors => prefixed('encoder/', encoder);

/** The weights of a part of a step's state, as they are used: nothing is trained. */
export const inference = (state: TensorMap, part: string): Weights =>
  new Weights(state, false, {}, `${part}/`);

/** [batch, height, width, 3] in 0..1: per channel, less the mean, by the standard deviation. */
export const normalize = (images: tf.Tensor, { mean, std }: Normalization): tf.Tensor =>
  tf.div(tf.sub(images, [...mean]), [...std]);
