/**
 * Linear probe: how well one linear map on frozen embeddings tells the classes apart. SGD with momentum and a cosine
 * rate on standardized embeddings, without augmentation; the accuracy is that of the final epoch. The standardization
 * is the affine-free batch normalization of He et al. 2021 (MAE, arXiv 2111.06377, appendix A.2) with the statistics
 * of the whole bank, which makes one learning rate fit encoders of any scale.
 */
import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients, type Device, type HostTensors, type StepDefinition } from '../../engine';
import { permutation, random } from '../../shared/random';
import { crossEntropy } from '../cross-entropy';
import { cosine } from '../schedules';
import type { LabelledVectors } from './knn';

export interface LinearProbeOptions {
  readonly epochs: number;
  /** Vectors a step; fewer where the bank is smaller. */
  readonly batchSize: number;
  /** Peak rate for 256 vectors a step, scaled with the batch. */
  readonly learningRate: number;
  readonly seed: number;
  readonly onEpoch?: (epoch: number) => unknown;
}

export interface LinearProbeResult {
  /** Share of the queries that the final classifier gets right, in [0, 1]. */
  readonly accuracy: number;
  /** The same of the bank it was trained on. */
  readonly bankAccuracy: number;
}

const MOMENTUM = 0.9;

/**
 * @param bank trained on. @param queries measured with.
 * @throws whatever `onEpoch` throws, which is how it is stopped.
 */
export async function linearProbe(
  device: Pick<Device, 'prepare'>,
  bank: LabelledVectors,
  queries: LabelledVectors,
  options: LinearProbeOptions,
): Promise<LinearProbeResult> {
  const { size } = bank;
  const count = bank.data.length / size;
  const classes = 1 + Math.max(highest(bank.labels), highest(queries.labels));
  const batchSize = Math.min(options.batchSize, count);
  const scale = standardization(bank);
  const rows = standardized(bank, scale);
  const step = await device.prepare(probeStep(batchSize, size, classes), zeros(size, classes));
  try {
    const perEpoch = Math.floor(count / batchSize);
    const peak = (options.learningRate * batchSize) / 256;
    const features = new Float32Array(batchSize * size);
    const labels = new Int32Array(batchSize);
    for (let epoch = 0; epoch < options.epochs; epoch++) {
      const order = permutation(count, random(options.seed, 'order', epoch));
      for (let i = 0; i < perEpoch; i++) {
        for (let j = 0; j < batchSize; j++) {
          const row = order[i * batchSize + j];
          features.set(rows.subarray(row * size, (row + 1) * size), j * size);
          labels[j] = bank.labels[row];
        }
        const rate = cosine(peak, 0, (epoch * perEpoch + i) / (options.epochs * perEpoch));
        await step.run({
          features: { shape: [batchSize, size], dtype: 'float32', data: features },
          labels: { shape: [batchSize], dtype: 'int32', data: labels },
          learningRate: { shape: [], dtype: 'float32', data: Float32Array.of(rate) },
        });
      }
      await options.onEpoch?.(epoch + 1);
    }
    const state = await step.readState();
    const right = (vectors: LabelledVectors) =>
      accuracy(standardized(vectors, scale), vectors, state, classes);
    return { accuracy: right(queries), bankAccuracy: right(bank) };
  } finally {
    await step.dispose();
  }
}

/** One update of the classifier; its gradient is that of the mean cross-entropy. */
function probeStep(batch: number, size: number, classes: number): StepDefinition {
  const state = zeros(size, classes);
  return {
    name: 'linear probe',
    state: Object.fromEntries(
      Object.entries(state).map(([name, { shape }]) => [name, { shape, dtype: 'float32' }]),
    ),
    inputs: {
      features: { shape: [batch, size], dtype: 'float32' },
      labels: { shape: [batch], dtype: 'int32' },
      learningRate: { shape: [], dtype: 'float32' },
    },
    step: ({ weight, bias, weightMomentum, biasMomentum }, { features, labels, learningRate }) => {
      const { loss, gradients } = valueAndGradients({ weight, bias }, () => ({
        loss: crossEntropy(tf.add(tf.matMul(features, weight, false, true), bias), labels),
        aux: {},
      }));
      const velocity = tf.add(tf.mul(weightMomentum, MOMENTUM), gradients.weight);
      const biasVelocity = tf.add(tf.mul(biasMomentum, MOMENTUM), gradients.bias);
      return {
        state: {
          weight: tf.sub(weight, tf.mul(velocity, learningRate)),
          bias: tf.sub(bias, tf.mul(biasVelocity, learningRate)),
          weightMomentum: velocity,
          biasMomentum: biasVelocity,
        },
        outputs: { loss },
      };
    },
  };
}

function zeros(size: number, classes: number): HostTensors {
  const weight = {
    shape: [classes, size],
    dtype: 'float32',
    data: new Float32Array(classes * size),
  } as const;
  const bias = { shape: [classes], dtype: 'float32', data: new Float32Array(classes) } as const;
  return { weight, bias, weightMomentum: weight, biasMomentum: bias };
}

interface Standardization {
  readonly mean: Float64Array;
  /** 1 / standard deviation; 0 where a dimension never varies. */
  readonly scale: Float64Array;
}

function standardization({ data, size }: LabelledVectors): Standardization {
  const count = data.length / size;
  const mean = new Float64Array(size);
  const scale = new Float64Array(size);
  for (let i = 0; i < data.length; i++) mean[i % size] += data[i] / count;
  for (let i = 0; i < data.length; i++) scale[i % size] += (data[i] - mean[i % size]) ** 2 / count;
  return { mean, scale: scale.map((variance) => (variance > 1e-12 ? 1 / Math.sqrt(variance) : 0)) };
}

function standardized({ data, size }: LabelledVectors, { mean, scale }: Standardization): Float32Array {
  const rows = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) rows[i] = (data[i] - mean[i % size]) * scale[i % size];
  return rows;
}

function accuracy(
  rows: Float32Array,
  { size, labels }: LabelledVectors,
  state: HostTensors,
  classes: number,
) {
  const [weight, bias] = [state.weight.data, state.bias.data];
  const count = rows.length / size;
  let right = 0;
  for (let row = 0; row < count; row++) {
    let [best, highestLogit] = [-1, -Infinity];
    for (let label = 0; label < classes; label++) {
      let logit = bias[label];
      for (let i = 0; i < size; i++) logit += rows[row * size + i] * weight[label * size + i];
      if (logit > highestLogit) [best, highestLogit] = [label, logit];
    }
    if (best === labels[row]) right++;
  }
  return right / count;
}

function highest(labels: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < labels.length; i++) most = Math.max(most, labels[i]);
  return most;
}
