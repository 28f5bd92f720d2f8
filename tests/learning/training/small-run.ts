/** A training step small enough for the reference backend: 8 px images, an encoder of one layer, random data. */
import * as tf from '@tensorflow/tfjs-core';
import { prepareEager, type HostTensors, type Step } from '../../../src/engine';
import { batchNorm } from '../../../src/learning/layers/batch-norm';
import { linear } from '../../../src/learning/layers/linear';
import { sequential } from '../../../src/learning/layers/sequential';
import type { Backbone, ConvolutionalBackbone } from '../../../src/learning/backbones';
import type { Weights } from '../../../src/learning/module';
import { findMethod } from '../../../src/learning/registry';
import { createTrainingStep, type TrainingBatch, type TrainingStep } from '../../../src/learning/training';
import { runConfigSchema, type RunConfig, type RunConfigInput } from '../../../src/shared/run-config';
import { random } from '../../../src/shared/random';

const SIDE = 8;
const FEATURES = 6;

/** Pixels through one linear layer, with or without batch normalization after it. */
export function smallEncoder(normalized = false): ConvolutionalBackbone {
  const layers = sequential({
    // A bias before batch normalization would have no gradient but rounding errors.
    fc: linear(SIDE * SIDE * 3, FEATURES, { bias: !normalized }),
    ...(normalized && { bn: batchNorm(FEATURES) }),
  });
  const apply = (weights: Weights, images: tf.Tensor) =>
    layers.apply(weights, tf.reshape(images, [images.shape[0], -1]));
  return {
    kind: 'resnet',
    imageSize: SIDE,
    featureSize: FEATURES,
    channels: [FEATURES],
    parameters: layers.parameters,
    apply,
    features: (weights, images) => ({ fc: apply(weights, images) }),
  };
}

/** Supervised, without augmentation, SGD: every step is a plain function of its batch. */
export const smallConfig = (changes: Partial<RunConfigInput> = {}): RunConfig =>
  runConfigSchema.parse({
    method: 'supervised',
    options: { padCrop: 0, flip: 0 },
    backbone: { kind: 'resnet' },
    data: { path: 'none', imageSize: SIDE },
    optimizer: { kind: 'sgd' },
    schedule: { kind: 'constant' },
    learningRate: 0.1,
    batchSize: 4,
    epochs: 1,
    ...changes,
  });

export function smallStep(config: RunConfig, encoder: Backbone = smallEncoder()): TrainingStep {
  return createTrainingStep({
    config,
    method: findMethod(config.method),
    encoder,
    classes: ['cat', 'dog', 'eel'],
    images: 10 * config.batchSize,
    stepsPerEpoch: 10,
    totalSteps: 100,
  });
}

/** The images numbered `from` up to `from + n` of an endless random data set of three classes. */
export function smallBatch(n: number, from = 0, step = 0): TrainingBatch {
  const indices = Array.from({ length: n }, (_, i) => from + i);
  const images = Uint8Array.from(
    indices.flatMap((index) => {
      const source = random(7, 'method', index);
      return Array.from({ length: SIDE * SIDE * 3 }, () => source.integer(256));
    }),
  );
  return { images, indices, labels: indices.map((index) => index % 3), step };
}

export const start = (step: TrainingStep, state: HostTensors = step.initialState()): Promise<Step> =>
  prepareEager('cpu', step.definition, state);

/** The state after feeding the batches. */
export async function stateAfter(
  step: TrainingStep,
  batches: readonly TrainingBatch[],
  state = step.initialState(),
): Promise<HostTensors> {
  const prepared = await start(step, state);
  for (const batch of batches) await prepared.run(step.inputs(batch));
  const after = await prepared.readState();
  await prepared.dispose();
  return after;
}
