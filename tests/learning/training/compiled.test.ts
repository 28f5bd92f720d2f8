import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDevice, type Device, type HostTensors } from '../../../src/engine';
import type { RunConfigInput } from '../../../src/shared/run-config';
import { expectClose } from '../close';
import { smallBatch, smallConfig, smallEncoder, smallStep, start } from './small-run';

let device: Device;
beforeAll(async () => {
  ({ device } = await openDevice('cpu', { threads: 1, lowMemory: false }));
});
afterAll(() => device.dispose());

const simclr = { method: 'simclr', options: { projector: { hidden: 12, out: 8 } } };
const byol = {
  method: 'byol',
  options: { projector: { hidden: 12, out: 8 }, predictor: { hidden: 12 }, momentum: [0.9, 1] },
};
const dino = {
  method: 'dino',
  options: {
    prototypes: 16,
    teacherTemperature: 0.04,
    momentum: { start: 0.9, end: 1 },
    freezeEpochs: 0,
    head: { hidden: 12, bottleneck: 8, layers: 2 },
    views: { locals: 0 },
  },
};

describe('a compiled training step', () => {
  it.each<[string, Partial<RunConfigInput>]>([
    ['SGD with momentum', { optimizer: { kind: 'sgd', nesterov: true, weightDecay: 0.1 } }],
    ['Adam', { optimizer: { kind: 'adam', weightDecay: 0.1 }, learningRate: 0.01 }],
    ['AdamW and clipping', { optimizer: { kind: 'adamw' }, learningRate: 0.01, clipNorm: 0.5 }],
    ['LARS and averaged weights', { optimizer: { kind: 'lars', trust: 0.1 }, ema: 0.9 }],
    ['SimCLR', { ...simclr, learningRate: 0.05 }],
    ['SimCLR, accumulated', { ...simclr, learningRate: 0.05, accumulate: 2, ema: 0.9 }],
    ['BYOL, its target following, accumulated', { ...byol, learningRate: 0.05, accumulate: 2 }],
    [
      'DINO, clipped one by one, with a rising weight decay',
      {
        ...dino,
        optimizer: { kind: 'adamw', weightDecay: 0.04, weightDecayEnd: 0.4 },
        learningRate: 0.01,
        clipNorm: 0.05,
        clipEach: true,
      },
    ],
    ['a frozen encoder', { init: { checkpoint: 'a run', freezeEncoder: true } }],
  ])('does what the eager one does: %s', async (_, changes) => {
    const training = smallStep(smallConfig(changes), smallEncoder(true));
    const eager = await start(training);
    const compiled = await device.prepare(training.definition, training.initialState());
    for (let i = 0; i < 3; i++) {
      const inputs = training.inputs(smallBatch(4, 4 * i, i));
      const expected = training.report(await eager.run(inputs));
      const found = training.report(await compiled.run(inputs));
      expect(found.loss).toBeCloseTo(expected.loss, 4);
      expect(found.gradNorm / expected.gradNorm).toBeCloseTo(1, 4);
      expect(found.embeddingSpread).toBeCloseTo(expected.embeddingSpread, 4);
      expect(Object.keys(found.metrics)).toEqual(Object.keys(expected.metrics));
      for (const [name, value] of Object.entries(expected.metrics))
        expect(found.metrics[name], name).toBeCloseTo(value, 4);
    }
    const [expected, found] = [await eager.readState(), await compiled.readState()];
    const unmoved = training.initialState();
    for (const name of Object.keys(expected)) {
      const moves = (state: HostTensors) => state[name].data.map((value, i) => value - unmoved[name].data[i]);
      // What does not move but by rounding errors, as an offset before batch normalization, is not compared.
      if (Math.max(...moves(expected).map(Math.abs)) < 1e-5) continue;
      expectClose(moves(found), moves(expected), 1e-3);
    }
    await Promise.all([eager.dispose(), compiled.dispose()]);
  });
});
