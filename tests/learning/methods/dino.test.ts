import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { dino } from '../../../src/learning/methods/dino';
import { encodeBySize } from '../../../src/learning/methods/multi-crop';
import { entropy } from '../../../src/learning/methods/self-distillation';
import { expectClose } from '../close';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('dino');

describe('dino', () => {
  const resnet = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 32);
  const vit = createEncoder({ kind: 'vit', size: 'tiny', patch: 4, depth: 1, pool: 'class' }, 32);
  const build = (options: unknown, images = 50_000, encoder = resnet) =>
    dino.build({ options: dino.options.parse(options), encoder, classes: null, batchSize: 4, images });
  const at = (step: number, totalSteps = 1000) => ({ step, totalSteps, stepsPerEpoch: 10 });

  it('takes prototypes, temperature and momentum from the number of images', () => {
    const found = [1000, 20_000, 50_000, 90_000, 150_000, 400_000, 1_281_167].map((images) => {
      const { parts, teacher, schedules, chanceLoss } = build({ head: { bottleneck: 4, hidden: 4 } }, images);
      const [count] = parts.head['last_layer.weight'].shape;
      expect(chanceLoss).toBeCloseTo(Math.log(count), 12);
      return [count, schedules.teacherTemperature(at(999)), teacher!.momentum(at(0))];
    });
    expect(found).toEqual([
      [1024, 0.02, 0.99],
      [1024, 0.02, 0.99],
      [2048, 0.02, 0.99],
      [4096, 0.02, 0.99],
      [16_384, 0.03, expect.closeTo(0.991, 9)],
      [32_768, 0.04, expect.closeTo(0.992, 9)],
      [65_536, 0.07, expect.closeTo(0.996, 9)],
    ]);
  });

  it('warms the teacher’s temperature up over epochs, but no more than three tenths of the training', () => {
    const options = { teacherTemperature: 0.07, warmupTemperature: 0.04, warmupEpochs: 30 };
    const { teacherTemperature } = build(options).schedules;
    expect(teacherTemperature(at(0))).toBeCloseTo(0.04, 12);
    expect(teacherTemperature(at(150))).toBeCloseTo(0.055, 12);
    expect(teacherTemperature(at(300))).toBe(0.07);
    expect(teacherTemperature(at(30, 100))).toBe(0.07);
    expect(teacherTemperature(at(15, 100))).toBeCloseTo(0.055, 12);
  });

  it('freezes the last layer for the first epochs', () => {
    const { lastLayerTrains } = build({ freezeEpochs: 2 }).schedules;
    expect([0, 19, 20, 999].map((step) => lastLayerTrains(at(step)))).toEqual([0, 0, 1, 1]);
  });

  it('evaluates the teacher', () => {
    expect(build({}).teacher).toMatchObject({ evaluated: true, parts: ['encoder', 'head'] });
  });

  it('refuses a student that sees nothing', () => {
    expect(() => build({ studentCrops: 'local', views: { locals: 0 } })).toThrow('there are none');
  });

  it('refuses local crops that are not whole patches, and names a size that is', () => {
    expect(() => build({ views: { localSize: 14 } }, 1000, vit)).toThrow('Local crops of 14 px');
    expect(() => build({ views: { localSize: 14 } }, 1000, resnet)).not.toThrow();
    expect(() => build({ views: { localSize: 14, locals: 0 } }, 1000, vit)).not.toThrow();
  });

  it('makes two global crops and smaller local ones, each kind with its own blur', () => {
    const options = { views: { locals: 3, blur: [1, 0.1, 0.5], localScale: [0.05, 0.3] } };
    const recipes = dino.views(dino.options.parse(options), 32);
    expect(recipes.map(({ size }) => size)).toEqual([32, 32, 16, 16, 16]);
    expect(recipes.map(({ blur }) => blur?.probability)).toEqual([1, 0.1, 0.5, 0.5, 0.5]);
    expect(recipes.map(({ solarize }) => solarize)).toEqual([0, 0.2, 0, 0, 0]);
    expect(recipes[4].crop?.scale).toEqual([0.05, 0.3]);
  });
});

describe('encodeBySize', () => {
  it('encodes views of one size as one batch and keeps their order', async () => {
    const batches: number[][] = [];
    const view = (side: number, value: number) =>
      host([1, side, side, 1], Array<number>(side * side).fill(value));
    const inputs = { a: view(2, 1), b: view(2, 2), c: view(1, 3), d: view(1, 4) };
    const { encoded } = await evaluate(inputs, ({ a, b, c, d }) => ({
      encoded: encodeBySize([a, b, c, d], (images) => {
        batches.push(images.shape);
        return tf.mean(images, [1, 2]);
      }),
    }));
    expect(batches).toEqual([
      [2, 2, 2, 1],
      [2, 1, 1, 1],
    ]);
    expectClose(encoded, [1, 2, 3, 4]);
  });
});

describe('entropy', () => {
  it('is ln K where all are as likely, and 0 where one has it all', async () => {
    const p = host([2, 4], [0.25, 0.25, 0.25, 0.25, 1, 0, 0, 0]);
    const { all, first } = await evaluate({ p }, ({ p }) => ({
      all: entropy(p),
      first: entropy(tf.slice(p, [0, 0], [1, 4])),
    }));
    expectClose(first, [Math.log(4)]);
    expectClose(all, [Math.log(4) / 2]);
  });
});
