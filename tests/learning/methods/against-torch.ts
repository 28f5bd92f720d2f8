/**
 * Compares whole steps of a method with PyTorch's (tests/golden/methods/<method>.py): the same weights, views and
 * draws by formula, eager and compiled, must give the same loss, metrics, gradients and next buffers.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  openDevice,
  sizeOf,
  valueAndGradients,
  type DeviceName,
  type HostTensor,
  type HostTensors,
  type StepDefinition,
  type TensorMap,
} from '../../../src/engine';
import { createEncoder } from '../../../src/learning/backbones';
import type { MethodModel, PartWeights } from '../../../src/learning/method';
import { Weights, type Parameters } from '../../../src/learning/module';
import { findMethod } from '../../../src/learning/registry';
import { imagesOfSample } from '../../../src/learning/sampling';
import { prefixed, under } from '../../../src/learning/training/state';
import { rgbMaps } from '../../../src/learning/rgb';
import { backboneSchema, dataSchema } from '../../../src/shared/run-config';
import { parameterValues, summaryDeviation, values } from '../../golden/formula';
import { host } from '../host';

/** As for the backbones alone: relative to the largest element of a tensor. */
const TOLERANCE = { loss: 5e-6, metrics: 1e-5, gradients: 1e-4, buffers: 2e-5 };

const numbers = z.record(z.string(), z.array(z.number()));
const caseSchema = z.object({
  options: z.record(z.string(), z.unknown()),
  backbone: backboneSchema,
  imageSize: z.int(),
  batch: z.int(),
  /** Images of an epoch. */
  images: z.int().default(1000),
  classes: z.array(z.string()).nullable().default(null),
  labels: z.array(z.int()).optional(),
  positions: z.array(z.int()).optional(),
  draws: z
    .record(
      z.string(),
      z.object({
        shape: z.array(z.int()),
        dtype: z.enum(['float32', 'int32']),
        data: z.array(z.number()),
      }),
    )
    .default({}),
  scalars: z.record(z.string(), z.number()).default({}),
  loss: z.number(),
  metrics: z.record(z.string(), z.number()),
  gradients: numbers,
  buffers: numbers,
});
type Case = z.infer<typeof caseSchema>;

/** A test for each case of the method's golden file, on the reference backend and compiled. */
export function describeAgainstTorch(method: string): void {
  const url = new URL(`../../golden/methods/${method}.json`, import.meta.url);
  const cases = z.record(z.string(), caseSchema).parse(JSON.parse(readFileSync(url, 'utf8')));
  describe.each(Object.entries(cases))(`${method} against PyTorch: %s`, (_, golden) => {
    it.each<DeviceName>(['reference', 'cpu'])('gives the same step on %s', async (device) => {
      const { outputs, state } = await runStep(method, golden, device);
      const [loss] = outputs.loss.data;
      // Losses made of cosines may cancel to nearly nothing.
      const lossOff = Math.abs(loss - golden.loss) / Math.max(Math.abs(golden.loss), 1);
      expect(lossOff, `loss ${loss}, ${golden.loss}`).toBeLessThan(TOLERANCE.loss);
      for (const [name, wanted] of Object.entries(golden.metrics)) {
        const found = outputs[`metric/${name}`].data[0];
        const off = Math.abs(found - wanted) / Math.max(Math.abs(wanted), 1e-3);
        expect(off, `${name} ${found}, ${wanted}`).toBeLessThan(TOLERANCE.metrics);
      }
      const gradients = under('gradient/', outputs);
      expect(Object.keys(gradients).sort()).toEqual(Object.keys(golden.gradients).sort());
      compare(gradients, golden.gradients, TOLERANCE.gradients);
      compare(state, golden.buffers, TOLERANCE.buffers);
    });
  });
}

function compare(found: HostTensors, expected: Record<string, number[]>, tolerance: number): void {
  // A gradient that cancels to rounding noise, as a bias's before batch normalization, is judged by the others' size.
  const typical = Math.max(...Object.values(expected).map(([, norm]) => norm)) * 1e-9;
  for (const [name, wanted] of Object.entries(expected)) {
    const data = found[name].data as Float32Array;
    const noise = wanted[1] < typical;
    if (noise) expect(Math.max(...data.map(Math.abs)), name).toBeLessThan(typical * 1e5);
    else expect(summaryDeviation(data, wanted), name).toBeLessThan(tolerance);
  }
}

async function runStep(id: string, golden: Case, device: DeviceName) {
  const { batch, imageSize } = golden;
  const method = findMethod(id);
  const encoder = createEncoder(golden.backbone, imageSize);
  const model = method.build({
    options: golden.options,
    encoder,
    classes: golden.classes,
    batchSize: batch,
    images: golden.images,
  });
  const recipes = method.views(golden.options, imageSize);
  const images = batch * imagesOfSample(method.sampling?.(golden.options));
  const views = recipes.map(({ size }, i): [string, HostTensor] => {
    const shape = [images, size, size, 3];
    return [`view${i}`, host(shape, values(`view${i}`, sizeOf(shape)))];
  });
  const integers = ({ labels, positions }: Case) =>
    Object.entries({ labels, positions }).flatMap(([name, data]): [string, HostTensor][] =>
      data ? [[name, { shape: [data.length], dtype: 'int32', data: Int32Array.from(data) }]] : [],
    );
  const draws = Object.entries(golden.draws).map(([name, { shape, dtype, data }]): [string, HostTensor] => [
    `draw/${name}`,
    { shape, dtype, data: dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data) },
  ]);
  const scalars = Object.entries(golden.scalars).map(([name, value]): [string, HostTensor] => [
    `scalar/${name}`,
    host([], [value]),
  ]);
  const inputs = Object.fromEntries([...views, ...draws, ...scalars, ...integers(golden)]);
  const state = stateOf(model);
  const opened = await openDevice(device, { threads: 0, lowMemory: false });
  const step = await opened.device.prepare(
    { name: id, state: specs(state), inputs: specs(inputs), step: stepOf(model, recipes.length) },
    state,
  );
  try {
    return { outputs: await step.run(inputs), state: await step.readState() };
  } finally {
    await step.dispose();
    await opened.device.dispose();
  }
}

function stepOf(model: MethodModel, viewCount: number): StepDefinition['step'] {
  const isTrained = (name: string) => {
    const [part, ...rest] = name.split('/');
    return part in model.parts && model.parts[part][rest.join('/')].role !== 'buffer';
  };
  return (state, inputs) => {
    const trained = Object.fromEntries(Object.entries(state).filter(([name]) => isTrained(name)));
    const { loss, aux, gradients } = valueAndGradients(trained, () => {
      const updates: TensorMap = {};
      const parts = (names: readonly string[], prefix: string, training: boolean): PartWeights =>
        Object.fromEntries(
          names.map((part) => [part, new Weights(state, training, updates, `${prefix}${part}/`)]),
        );
      const result = model.loss({
        weights: parts(Object.keys(model.parts), '', true),
        teacher: {
          ...parts(model.teacher?.parts ?? [], 'teacher/', true),
          ...parts(Object.keys(model.fixed ?? {}), 'teacher/', false),
        },
        views: Array.from({ length: viewCount }, (_, i) => inputs[`view${i}`]),
        rgb: rgbMaps(dataSchema.parse({ path: 'none' })),
        ...('labels' in inputs && { labels: inputs.labels }),
        ...('positions' in inputs && { positions: inputs.positions }),
        draws: under('draw/', inputs),
        scalars: under('scalar/', inputs),
      });
      return {
        loss: result.loss,
        aux: { ...prefixed('metric/', result.metrics), ...prefixed('update/', updates) },
      };
    });
    return {
      state: { ...state, ...under('update/', aux) },
      outputs: {
        loss,
        ...prefixed('metric/', under('metric/', aux)),
        ...prefixed('gradient/', gradients),
      },
    };
  };
}

/** harness.py's `fill`. */
function stateOf(model: MethodModel): HostTensors {
  const part = (prefix: string, parameters: Parameters): [string, HostTensor][] =>
    Object.entries(parameters).map(([name, { shape }]) => {
      const key = prefix === 'encoder' ? name : `${prefix}/${name}`;
      return [`${prefix}/${name}`, host(shape, parameterValues(name, shape, key))];
    });
  const taught = (model.teacher?.parts ?? []).map((name) => [name, model.parts[name]] as const);
  return Object.fromEntries([
    ...Object.entries(model.parts).flatMap(([name, parameters]) => part(name, parameters)),
    ...[...taught, ...Object.entries(model.fixed ?? {})].flatMap(([name, parameters]) =>
      part(`teacher/${name}`, parameters),
    ),
  ]);
}

const specs = (tensors: HostTensors) =>
  Object.fromEntries(Object.entries(tensors).map(([name, { shape, dtype }]) => [name, { shape, dtype }]));
