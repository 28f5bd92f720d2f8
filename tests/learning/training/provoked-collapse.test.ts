/** Collapses on purpose: what keeps each method from it is taken away, and the monitor must say so within an epoch. */
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../src/engine';
import { createEncoder } from '../../../src/learning/backbones';
import { noCollapse, observeSpread } from '../../../src/learning/evaluation/collapse';
import { findMethod } from '../../../src/learning/registry';
import { createTrainingStep } from '../../../src/learning/training';
import { runConfigSchema } from '../../../src/shared/run-config';
import { random } from '../../../src/shared/random';

const SIDE = 16;
const BATCH = 32;
const EPOCH = 60;

/** Images of 4 x 4 squares, each of a colour of its own. */
const images = (indices: readonly number[]) =>
  Uint8Array.from(
    indices.flatMap((index) => {
      const source = random(7, 'method', index);
      const colors = Array.from({ length: 48 }, () => source.integer(256));
      return Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
        const [x, y] = [Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE)];
        return colors[(Math.floor(y / 4) * 4 + Math.floor(x / 4)) * 3 + (i % 3)];
      });
    }),
  );

/** What the monitor says in an epoch of training a narrow ResNet-18. */
async function warningsOf(method: string, options: object): Promise<string[]> {
  const config = runConfigSchema.parse({
    method,
    options,
    backbone: { kind: 'resnet', width: 0.125 },
    data: { path: 'none', imageSize: SIDE },
    optimizer: { kind: 'adam' },
    schedule: { kind: 'constant' },
    learningRate: 2e-3,
    batchSize: BATCH,
    epochs: 1,
  });
  const training = createTrainingStep({
    config,
    method: findMethod(method),
    encoder: createEncoder(config.backbone, SIDE),
    classes: null,
    images: EPOCH * BATCH,
    stepsPerEpoch: EPOCH,
    totalSteps: EPOCH,
  });
  const { device } = await openDevice('cpu', { threads: 1, lowMemory: false });
  const prepared = await device.prepare(training.definition, training.initialState());
  const warnings: string[] = [];
  let state = noCollapse;
  for (let step = 0; step < EPOCH; step++) {
    const indices = Array.from({ length: BATCH }, (_, i) => step * BATCH + i);
    const inputs = training.inputs({ images: images(indices), indices, step });
    const { embeddingSpread } = training.report(await prepared.run(inputs));
    const next = observeSpread(state, embeddingSpread, training.model.collapseAdvice);
    state = next.state;
    if (next.event) warnings.push(next.event.message);
  }
  await prepared.dispose();
  await device.dispose();
  return warnings;
}

const byol = { projector: { hidden: 32, out: 16 }, predictor: { hidden: 32 }, momentum: [0.99, 0.99] };
const dino = {
  prototypes: 1024,
  studentTemperature: 0.2,
  momentum: { start: 0.9, end: 0.9 },
  freezeEpochs: 0,
  head: { hidden: 32, bottleneck: 16, batchNorm: true },
  views: { locals: 0, globalScale: [0.14, 1] },
};
const collapsing = 'The embeddings are collapsing';

describe('the collapse monitor', { timeout: 180_000 }, () => {
  it('is quiet about BYOL as it should be', async () => {
    expect(await warningsOf('byol', byol)).toEqual([]);
  });

  it('warns of BYOL without a predictor and with a target that does not lag behind', async () => {
    const [warning] = await warningsOf('byol', { ...byol, predictor: { kind: 'none' }, momentum: [0, 0] });
    expect(warning).toContain(collapsing);
    expect(warning).toContain('options.predictor.kind');
  });

  it('is quiet about DINO as it should be', async () => {
    expect(await warningsOf('dino', dino)).toEqual([]);
  });

  it('warns of DINO without centring', async () => {
    const [warning] = await warningsOf('dino', { ...dino, centre: false });
    expect(warning).toContain(collapsing);
    expect(warning).toContain('centring on');
  });
});
