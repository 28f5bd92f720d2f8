/** The backbones, eager and compiled, against PyTorch (tests/golden/make_golden.py): same weights, same results. */
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  openDevice,
  valueAndGradients,
  type DeviceName,
  type HostTensor,
  type HostTensors,
  type StepDefinition,
  type TensorMap,
} from '../../../src/engine';
import { createEncoder, type Encoder } from '../../../src/learning/backbones';
import { Weights, type Parameters } from '../../../src/learning/module';
import { backboneSchema } from '../../../src/shared/run-config';
import { parameterValues, summaryDeviation, values } from '../../golden/formula';

/**
 * Largest deviation from PyTorch's float64 results, relative to a tensor's largest element. PyTorch's own float32
 * deviates from them by up to 5e-7 (output), 4e-7 (loss), 4e-5 (gradients) and 1e-6 (running statistics).
 */
const TOLERANCE = { output: 2e-6, loss: 2e-6, gradients: 1e-4, buffers: 1e-5 };

const record = z.record(z.string(), z.array(z.number()));
const golden = z
  .record(
    z.string(),
    z.object({
      config: backboneSchema,
      batch: z.int(),
      imageSize: z.int(),
      stateDict: record,
      output: z.array(z.number()),
      /** Null where only evaluation mode is compared. */
      training: z
        .object({
          loss: z.number(),
          gradients: record,
          gradientSummaries: record,
          bufferSummaries: record,
        })
        .nullable(),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('../../golden/backbones.json', import.meta.url), 'utf8')));

const hostTensors = (parameters: Parameters): HostTensors =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [
      name,
      { shape, dtype: 'float32', data: parameterValues(name, shape) },
    ]),
  );

/** Evaluation: the embedding. Training: loss and gradients, and the next running statistics as state. */
function stepOf(encoder: Encoder, batch: number, training: boolean): StepDefinition {
  const isTrained = (name: string) => encoder.parameters[name].role !== 'buffer';
  return {
    name: training ? 'training' : 'evaluation',
    state: Object.fromEntries(
      Object.entries(encoder.parameters).map(([name, { shape }]) => [name, { shape, dtype: 'float32' }]),
    ),
    inputs: { images: { shape: [batch, encoder.imageSize, encoder.imageSize, 3], dtype: 'float32' } },
    step: (state, { images }): ReturnType<StepDefinition['step']> => {
      if (!training)
        return { state, outputs: { embedding: encoder.apply(new Weights(state, false), images) } };
      const trained = Object.fromEntries(Object.entries(state).filter(([name]) => isTrained(name)));
      const { loss, aux, gradients } = valueAndGradients(trained, () => {
        const updates: TensorMap = {};
        const embedding = encoder.apply(new Weights(state, true, updates), images);
        return { loss: lossOf(embedding), aux: updates };
      });
      return { state: { ...state, ...aux }, outputs: { loss, ...gradients } };
    },
  };
}

async function run(device: DeviceName, encoder: Encoder, batch: number, training: boolean) {
  const opened = await openDevice(device, { threads: 0, lowMemory: false });
  const definition = stepOf(encoder, batch, training);
  const step = await opened.device.prepare(definition, hostTensors(encoder.parameters));
  const images = definition.inputs.images;
  const size = images.shape.reduce((product, n) => product * n, 1);
  const outputs = await step.run({ images: { ...images, data: values('images', size) } });
  const state = await step.readState();
  await step.dispose();
  return { outputs, state };
}

/** make_golden.py's: mean(f^2 + f c). */
const lossOf = (features: tf.Tensor): tf.Tensor =>
  tf.mean(
    tf.add(tf.square(features), tf.mul(features, tf.tensor(values('loss', features.size), features.shape))),
  );

function deviation(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((x, i) => Math.abs(actual[i] - x))) / scale;
}

const data = (tensor: HostTensor) => tensor.data as Float32Array;

function compareSummaries(actual: HostTensors, expected: Record<string, number[]>, tolerance: number): void {
  for (const [name, wanted] of Object.entries(expected))
    expect(summaryDeviation(data(actual[name]), wanted), name).toBeLessThan(tolerance);
}

describe.each(Object.entries(golden))(
  '%s',
  (_, { config, batch, imageSize, stateDict, output, training }) => {
    const encoder = createEncoder(config, imageSize);

    it('has the names and shapes of the PyTorch model', () => {
      const shapes = Object.fromEntries(
        Object.entries(encoder.parameters).map(([name, { shape }]) => [name, shape]),
      );
      const wanted = Object.entries(stateDict).filter(([name]) => !name.endsWith('num_batches_tracked'));
      expect(shapes).toEqual(Object.fromEntries(wanted));
    });

    // At full width eager tfjs on the CPU is too slow.
    const devices: DeviceName[] = training ? ['reference', 'cpu'] : ['cpu'];
    describe.each(devices)('on %s', (device) => {
      it('gives the same embeddings in evaluation mode', async () => {
        const { outputs } = await run(device, encoder, batch, false);
        expect(outputs.embedding.shape).toEqual([batch, encoder.featureSize]);
        expect(deviation(data(outputs.embedding), output)).toBeLessThan(TOLERANCE.output);
      });

      if (training)
        it('gives the same loss, gradients and running statistics in training mode', async () => {
          const { outputs, state } = await run(device, encoder, batch, true);
          expect(deviation(data(outputs.loss), [training.loss])).toBeLessThan(TOLERANCE.loss);
          for (const [name, full] of Object.entries(training.gradients))
            expect(deviation(data(outputs[name]), full), name).toBeLessThan(TOLERANCE.gradients);
          compareSummaries(outputs, training.gradientSummaries, TOLERANCE.gradients);
          compareSummaries(state, training.bufferSummaries, TOLERANCE.buffers);
        });
    });
  },
);
