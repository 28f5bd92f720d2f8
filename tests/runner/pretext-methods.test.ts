/** Pretext methods from the configuration to a checkpoint: a few steps each, on tiny images. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { train } from '../../src/runner/jobs/train';
import { recorded, temporaryFolder, tinyConfig, writeImages } from './fixtures';

const tiles = { grid: 2, gap: 0 };

it.each([
  ['rotation', { padCrop: 1 }, ['rotationAccuracy']],
  ['jigsaw', { ...tiles, permutations: 24, hidden: 8 }, ['orderAccuracy']],
  ['pirl', { ...tiles, size: 8, negatives: 12 }, ['tileAccuracy', 'imageAccuracy']],
  ['colorization', { decoder: 8 }, ['colorAccuracy']],
])('%s trains, measures and saves', async (method, options, metrics) => {
  const folder = await temporaryFolder();
  const path = await writeImages(join(folder, 'images'), 8);
  const context = recorded();
  const config = tinyConfig(path, {
    method,
    options,
    data: { path, imageSize: 16, heldOut: 0.25 },
    batchSize: 4,
    epochs: 1,
    knn: { everyEpochs: 0, k: 5 },
  });
  const directories = { runDirectory: join(folder, 'run'), cacheDirectory: join(folder, 'cache') };
  await train({ kind: 'train', runId: 'run', config, continueFrom: null, ...directories }, context);
  for (const name of ['loss', ...metrics]) {
    const values = context.points(name).map(({ value }) => value);
    expect(values, name).toHaveLength(3);
    expect(values.every(Number.isFinite), name).toBe(true);
  }
  expect(context.points('knn')).toHaveLength(2);
  const pictures = context.of('pictures').map(({ step }) => step);
  expect(pictures).toEqual(method === 'colorization' ? [0, 3] : []);
  expect(context.of('checkpoint').at(-1)!.checkpoint).toMatchObject({ step: 3, kind: 'final' });
});
