import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { train } from '../../src/runner/jobs/train';
import { frequenciesOf, shareRight, takeSurest } from '../../src/runner/training/pseudo-labels';
import type { TrainResult } from '../../src/shared/protocol';
import type { RunConfig, RunConfigInput } from '../../src/shared/run-config';
import { recorded, temporaryFolder, tinyConfig, writeImages, type Recorded } from './fixtures';

describe('takeSurest', () => {
  // Probabilities of the likelier class: 0.99, 0.88, 0.73, 0.98, 0.5.
  const scores = Float32Array.of(4.6, 0, 2, 0, 0, 1, 0, 4, 1, 1);
  const images = Uint32Array.of(3, 5, 8, 9, 12);

  it('takes the surest of each class, and none below the confidence', () => {
    const frequencies = [0.5, 0.5];
    expect(takeSurest(scores, images, { confidence: 0.8, share: 1, frequencies })).toEqual({
      images: [3, 5, 9],
      labels: [0, 0, 1],
    });
    expect(takeSurest(scores, images, { confidence: 0, share: 0.3, frequencies })).toEqual({
      images: [3, 9],
      labels: [0, 1],
    });
  });

  it('takes of each class as many as its labels say, not as many as are named as it', () => {
    // Of the five images 3, 5 and 12 are named 0. Of 0.6 * 5 = 3 images, 0.8 and 0.2 are 2.4 and 0.6, rounded up.
    expect(takeSurest(scores, images, { confidence: 0, share: 0.6, frequencies: [0.8, 0.2] })).toEqual({
      images: [3, 5, 9, 12],
      labels: [0, 0, 1, 0],
    });
    expect(takeSurest(scores, images, { confidence: 0, share: 0.6, frequencies: [0.2, 0.8] })).toEqual({
      images: [3, 8, 9],
      labels: [0, 1, 1],
    });
    expect(frequenciesOf([0, 2, 2, 0], 3)).toEqual([0.5, 0, 0.5]);
  });

  it('is judged where the class is known', () => {
    const taken = { round: 1, images: [0, 1, 2], labels: [0, 1, 1] };
    expect(shareRight(taken, [0, 0, -1])).toBe(0.5);
    expect(shareRight(taken, [-1, -1, -1])).toBeNull();
  });
});

let folder: string;
let images: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  images = await writeImages(join(folder, 'images'), 16);
});

const config = (changes: Partial<RunConfigInput> = {}) =>
  tinyConfig(images, {
    method: 'pseudo-labels',
    options: { roundEpochs: 1, confidence: 0.5, sharePerRound: 0.5, padCrop: 1 },
    data: { path: images, imageSize: 8, heldOut: 0.25, labelsPerClass: 2 },
    ...changes,
  });

async function run(name: string, settings: RunConfig, from?: string, context: Recorded = recorded()) {
  const result = (await train(
    {
      kind: 'train',
      runId: 'run',
      runDirectory: join(folder, name),
      cacheDirectory: join(folder, 'cache'),
      config: settings,
      continueFrom: from ?? null,
    },
    context,
  )) as TrainResult;
  return { result, context, checkpoints: join(folder, name, 'checkpoints') };
}

const stopAt = (step: number) =>
  recorded((message, context) => {
    if (message.type === 'progress' && message.phase === 'training' && message.done >= step) context.stop();
  });

describe('pseudo-labels', () => {
  it('grow the training set after each round, and say how many and how many are right', async () => {
    const options = { roundEpochs: 5, confidence: 0.5, sharePerRound: 0.5, padCrop: 1 };
    const { result, context } = await run('a', config({ options, epochs: 15 }));
    expect(result).toMatchObject({ step: 45, epoch: 15, stopped: false });
    const rounds = context.of('event').filter(({ name }) => name === 'pseudo-labels');
    expect(rounds.map(({ data }) => data)).toMatchObject([
      { step: 15, round: 1, unlabelled: 20 },
      { step: 30, round: 2, unlabelled: 20 },
    ]);
    const taken = context.points('pseudoLabels').map(({ value }) => value);
    expect(taken[0]).toBeGreaterThanOrEqual(10);
    expect(taken[1]).toBe(20);
    expect(rounds[1].data.right).toBeGreaterThan(0.9);
    expect(context.points('testAccuracy').length).toBeGreaterThan(0);
  });

  it.each([[[3]], [[4]]])(
    'end at the same bytes when training is stopped at steps %j and continued',
    async (stops) => {
      const whole = await run('whole', config());
      const last = 'step-000009.safetensors';
      let from: string | undefined;
      for (const step of stops) {
        const part = await run('parts', config(), from, stopAt(step));
        expect(part.result).toMatchObject({ step, stopped: true });
        from = join(part.checkpoints, `step-00000${step}.safetensors`);
      }
      const end = await run('parts', config(), from);
      expect(end.result).toMatchObject({ step: 9, stopped: false });
      const same = (await readFile(join(end.checkpoints, last))).equals(
        await readFile(join(whole.checkpoints, last)),
      );
      expect(same).toBe(true);
    },
  );

  it('are refused where every image has its label', async () => {
    const all = config({ data: { path: images, imageSize: 8, heldOut: 0.25 } });
    await expect(run('a', all)).rejects.toThrow(
      '0 unlabelled training images are left beside 24 labelled ones',
    );
  });
});

describe('fixmatch', () => {
  it('trains on few labels, the other images and those outside of the classes, with an averaged copy', async () => {
    await mkdir(join(images, 'red'), { recursive: true });
    const stray = sharp({ create: { width: 8, height: 8, channels: 3, background: '#c83c3c' } }).png();
    await stray.toFile(join(images, 'stray.png'));
    const settings = config({
      method: 'fixmatch',
      options: { unlabelled: 2, confidence: 0.6, strong: { mask: 0.25 } },
      batchSize: 4,
      ema: 0.9,
    });
    const { result, context } = await run('a', settings);
    // 24 training images and the stray one, less 4 labelled: 10 pairs, 2 steps of 4.
    expect(result).toMatchObject({ step: 6, epoch: 3 });
    for (const name of ['accuracy', 'maskRate', 'pseudoLabelAccuracy', 'unlabelledLoss'])
      expect(context.points(name)).toHaveLength(6);
    const rates = context.points('maskRate').map(({ value }) => value);
    expect(rates.every((rate) => rate >= 0 && rate <= 1)).toBe(true);
    expect(context.points('testAccuracy').at(-1)!.value).toBeGreaterThan(0.4);
  });
});
