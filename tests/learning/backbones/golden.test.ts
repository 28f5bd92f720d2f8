/** The backbones against PyTorch (tests/golden/make_golden.py): same weights and images, same results. */
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { valueAndGradients, type TensorMap } from '../../../src/engine';
import { createEncoder } from '../../../src/learning/backbones';
import { Weights, type Parameters } from '../../../src/learning/module';
import { backboneSchema } from '../../../src/shared/run-config';
import { parameterValues, values } from '../../golden/formula';

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

const load = (parameters: Parameters): TensorMap =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [
      name,
      tf.tensor(parameterValues(name, shape), [...shape]),
    ]),
  );

/** make_golden.py's: mean(f^2 + f c). */
const lossOf = (features: tf.Tensor): tf.Tensor =>
  tf.mean(
    tf.add(tf.square(features), tf.mul(features, tf.tensor(values('loss', features.size), features.shape))),
  );

/** make_golden.py's: [sum, norm, dot with the formula's values, largest size]. */
function summary(data: Float32Array): number[] {
  const weights = values('summary', data.length);
  const total = (f: (x: number, i: number) => number) => data.reduce((sum, x, i) => sum + f(x, i), 0);
  return [
    total((x) => x),
    Math.sqrt(total((x) => x * x)),
    total((x, i) => x * weights[i]),
    data.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0),
  ];
}

function deviation(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((x, i) => Math.abs(actual[i] - x))) / scale;
}

/** Sums may cancel: their deviations are measured against the norm times the root of the size, their bound. */
function summaryDeviation(data: Float32Array, expected: readonly number[]): number {
  const scale = [expected[1] * Math.sqrt(data.length), expected[1], expected[1], expected[3]];
  return Math.max(...summary(data).map((x, i) => Math.abs(x - expected[i]) / scale[i]));
}

const read = (tensor: tf.Tensor) => tensor.dataSync<'float32'>();

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

describe.each(Object.entries(golden))(
  '%s',
  (_, { config, batch, imageSize, stateDict, output, training }) => {
    const encoder = createEncoder(config, imageSize);
    const names = Object.keys(encoder.parameters);
    const images = () =>
      tf.tensor(values('images', batch * imageSize * imageSize * 3), [batch, imageSize, imageSize, 3]);

    it('has the names and shapes of the PyTorch model', () => {
      const shapes = Object.fromEntries(names.map((name) => [name, encoder.parameters[name].shape]));
      const wanted = Object.entries(stateDict).filter(([name]) => !name.endsWith('num_batches_tracked'));
      expect(shapes).toEqual(Object.fromEntries(wanted));
    });

    it('gives the same embeddings in evaluation mode', () => {
      const embeddings = encoder.apply(new Weights(load(encoder.parameters), false), images());
      expect(embeddings.shape).toEqual([batch, encoder.featureSize]);
      expect(deviation(read(embeddings), output)).toBeLessThan(TOLERANCE.output);
    });

    if (training)
      it('gives the same loss, gradients and running statistics in training mode', () => {
        const tensors = load(encoder.parameters);
        const isTrained = (name: string) => encoder.parameters[name].role !== 'buffer';
        const trained = Object.fromEntries(names.filter(isTrained).map((name) => [name, tensors[name]]));
        const { loss, aux, gradients } = valueAndGradients(trained, () => {
          const updates: TensorMap = {};
          const features = encoder.apply(new Weights(tensors, true, updates), images());
          return { loss: lossOf(features), aux: updates };
        });

        expect(deviation(read(loss), [training.loss])).toBeLessThan(TOLERANCE.loss);
        for (const [name, full] of Object.entries(training.gradients))
          expect(deviation(read(gradients[name]), full), name).toBeLessThan(TOLERANCE.gradients);
        compareSummaries(gradients, training.gradientSummaries, TOLERANCE.gradients);
        compareSummaries(aux, training.bufferSummaries, TOLERANCE.buffers);
      });
  },
);

function compareSummaries(actual: TensorMap, expected: Record<string, number[]>, tolerance: number): void {
  expect(Object.keys(actual).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [name, wanted] of Object.entries(expected))
    expect(summaryDeviation(read(actual[name]), wanted), name).toBeLessThan(tolerance);
}
