import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { expectClose } from '../close';
import { smallBatch, smallConfig, smallEncoder, smallStep, start, stateAfter } from './small-run';

describe('createTrainingStep', () => {
  it.each([
    { method: 'supervised', options: { padCrop: 1 } },
    {
      method: 'simclr',
      options: { temperature: 0.1, projector: { hidden: 16, out: 8 }, views: { cropScale: [0.8, 1] } },
    },
  ])('$method learns a handful of images', async ({ method, options }) => {
    const adam = { kind: 'adam' } as const;
    const config = smallConfig({ method, options, batchSize: 6, optimizer: adam, learningRate: 0.01 });
    const training = smallStep(config);
    const step = await start(training);
    const losses: number[] = [];
    for (let i = 0; i < 30; i++) {
      const report = training.report(await step.run(training.inputs(smallBatch(6, 0, i))));
      expect(report.finite).toBe(true);
      losses.push(report.loss);
    }
    await step.dispose();
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-5))).toBeLessThan(0.75 * mean(losses.slice(0, 5)));
  });

  it('starts near the loss at chance level', async () => {
    const training = smallStep(smallConfig());
    const step = await start(training);
    const { loss } = training.report(await step.run(training.inputs(smallBatch(4))));
    expect(Math.abs(loss - training.model.chanceLoss!)).toBeLessThan(0.7);
  });

  it('gives a new head other values than the run had whose encoder it goes on with', () => {
    const init = { checkpoint: 'before.safetensors', freezeEncoder: false };
    const [first, again, later] = [{}, {}, { init }].map((changes) =>
      smallStep(smallConfig(changes)).initialState(),
    );
    const head = Object.keys(first).find((name) => name.startsWith('head/') && name.endsWith('weight'))!;
    expect(again[head].data).toEqual(first[head].data);
    expect(later[head].data).not.toEqual(first[head].data);
  });

  it('runs SimCLR through a ResNet and reports everything', async () => {
    const config = smallConfig({ method: 'simclr', options: {}, batchSize: 2, ema: 0.5 });
    const encoder = createEncoder({ kind: 'resnet', depth: 18, stem: 'torchvision', width: 0.125 }, 8);
    const training = smallStep(config, encoder);
    const step = await start(training);
    const report = training.report(await step.run(training.inputs(smallBatch(2))));
    expect(report.finite).toBe(true);
    expect(report.metrics.pairAccuracy).toBeGreaterThanOrEqual(0);
    expect(report.embeddingSpread).toBeCloseTo(report.embeddingStd * Math.sqrt(128), 4);
    expect(training.scheduled(0)).toEqual({ learningRate: 0.1 });
    const state = await step.readState();
    await step.dispose();
    expect(Object.keys(state)).toContain('encoder/layer1.0.conv1.weight');
    expect(Object.keys(state)).toContain('optimizer/momentum_buffer/projector/0.weight');
    expect(Object.keys(state)).toContain('ema/encoder/bn1.running_mean');
    expect([...state['encoder/bn1.running_mean'].data].some((value) => value !== 0)).toBe(true);
  });

  it('gives one update of the mean gradient for steps that share it', async () => {
    const whole = smallStep(smallConfig({ batchSize: 8 }));
    const halves = smallStep(smallConfig({ batchSize: 4, accumulate: 2 }));
    const once = await stateAfter(whole, [smallBatch(8)]);
    const twice = await stateAfter(halves, [smallBatch(4, 0, 0), smallBatch(4, 4, 1)]);
    for (const name of Object.keys(once)) expectClose(twice[name].data, once[name].data);

    const more = await stateAfter(halves, [smallBatch(4, 8, 2), smallBatch(4, 12, 3)], twice);
    const again = await stateAfter(whole, [smallBatch(8, 8, 1)], once);
    for (const name of Object.keys(once)) expectClose(more[name].data, again[name].data);
  });

  it('moves nothing but buffers and sums before an update is complete', async () => {
    const config = smallConfig({ accumulate: 2, ema: 0.9, optimizer: { kind: 'adam' } });
    const training = smallStep(config, smallEncoder(true));
    const before = training.initialState();
    const after = await stateAfter(training, [smallBatch(4)]);
    const changed = Object.keys(after).filter((name) => after[name].data.join() !== before[name].data.join());
    expect(changed.filter((name) => !name.startsWith('accumulated/'))).toEqual([
      'encoder/bn.running_mean',
      'encoder/bn.running_var',
    ]);
  });

  it('shortens all gradients together to the largest norm', async () => {
    const free = smallStep(smallConfig());
    const clipped = smallStep(smallConfig({ clipNorm: 0.01 }));
    const before = free.initialState();
    const move = async (training: typeof free) => {
      const after = await stateAfter(training, [smallBatch(4)]);
      const weights = ['encoder/fc.weight', 'encoder/fc.bias', 'head/weight', 'head/bias'];
      return weights.flatMap((name) => [...after[name].data].map((w, i) => w - before[name].data[i]));
    };
    const [long, short] = [await move(free), await move(clipped)];
    const length = (values: number[]) => Math.hypot(...values);
    expect(length(short)).toBeCloseTo(0.1 * 0.01, 6);
    const factor = length(short) / length(long);
    expectClose(
      short,
      long.map((value) => value * factor),
      1e-3,
    );
  });

  it('leaves a frozen encoder as it is, and keeps nothing for it', async () => {
    const init = { checkpoint: 'a run', freezeEncoder: true };
    const training = smallStep(smallConfig({ init, ema: 0.9 }), smallEncoder(true));
    const before = training.initialState();
    const after = await stateAfter(training, [smallBatch(4)]);
    for (const name of Object.keys(before).filter((name) => name.startsWith('encoder/')))
      expect(after[name].data).toEqual(before[name].data);
    expect(after['head/weight'].data).not.toEqual(before['head/weight'].data);
    expect(Object.keys(before).filter((name) => /^(optimizer|ema).*encoder/.test(name))).toEqual([]);
  });

  it('averages weights and buffers', async () => {
    const training = smallStep(smallConfig({ ema: 0.75 }), smallEncoder(true));
    const before = training.initialState();
    const after = await stateAfter(training, [smallBatch(4)]);
    for (const name of ['encoder/fc.weight', 'encoder/bn.running_mean', 'head/bias'])
      expectClose(
        after[`ema/${name}`].data,
        Array.from(after[name].data, (value, i) => 0.75 * before[name].data[i] + 0.25 * value),
      );
  });

  it('draws the views of an image by seed, epoch and image, not by batch', () => {
    const training = smallStep(smallConfig({ method: 'simclr', options: {}, batchSize: 4 }));
    const first = training.inputs(smallBatch(4, 0, 0)).view0.data;
    const later = training.inputs(smallBatch(4, 2, 3)).view0.data;
    const nextEpoch = training.inputs(smallBatch(4, 0, 10)).view0.data;
    const half = first.length / 2;
    expect(later.slice(0, half)).toEqual(first.slice(half));
    expect(nextEpoch).not.toEqual(first);
  });
});
