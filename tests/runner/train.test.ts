import { readdir, readFile, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { train } from '../../src/runner/jobs/train';
import { readTensorFile } from '../../src/runner/tensor-file';
import type { JobOf, TrainResult } from '../../src/shared/protocol';
import type { RunConfig, RunConfigInput } from '../../src/shared/run-config';
import { recorded, temporaryFolder, tinyConfig, writeImages, type Recorded } from './fixtures';

let folder: string;
let images: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  images = await writeImages(join(folder, 'images'), 16);
});

const config = (changes: Partial<RunConfigInput> = {}) => tinyConfig(images, changes);

async function run(
  name: string,
  settings: RunConfig,
  options: { from?: string; context?: Recorded } = {},
): Promise<{ result: TrainResult; context: Recorded; checkpoints: string }> {
  const context = options.context ?? recorded();
  const job: JobOf<'train'> = {
    kind: 'train',
    runId: 'run',
    runDirectory: join(folder, name),
    cacheDirectory: join(folder, 'cache'),
    config: settings,
    continueFrom: options.from ?? null,
  };
  const result = (await train(job, context)) as TrainResult;
  return { result, context, checkpoints: join(folder, name, 'checkpoints') };
}

/** Stops when the given step has been reported. */
const stopAt = (step: number) =>
  recorded((message, context) => {
    if (message.type === 'progress' && message.phase === 'training' && message.done >= step) context.stop();
  });

describe('train', () => {
  it('learns, measures, saves and says so', async () => {
    const { result, context, checkpoints } = await run('a', config());
    expect(result).toMatchObject({ step: 9, epoch: 3, stopped: false });
    expect(context.points('loss').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(context.points('knn').map(({ step }) => step)).toEqual([0, 3, 6, 9]);
    for (const name of ['gradNorm', 'learningRate', 'embeddingStd', 'pairAccuracy'])
      expect(context.points(name)).toHaveLength(9);
    const baseline = context.of('event').find(({ name }) => name === 'baseline')!;
    const guessing = context.of('event').find(({ name }) => name === 'chance-loss')!;
    expect(guessing.data['loss']).toBeCloseTo(Math.log(2 * config().batchSize - 1), 6);
    expect(baseline.data).toMatchObject({ step: 0, bank: 24, queries: 8 });
    expect(baseline.data.rawPixels).toBe(1);
    const final = context.of('checkpoint').at(-1)!.checkpoint;
    expect(final).toMatchObject({ step: 9, epoch: 3, kind: 'final', knn: result.knn });
    expect(await readdir(checkpoints)).toContain('step-000009.safetensors');
    expect(Object.keys((await readTensorFile(final.path)).tensors)).toContain('layer1.0.conv1.weight');
    const training = context.of('progress').filter(({ phase }) => phase === 'training');
    expect(training.at(-1)).toMatchObject({ done: 9, total: 9, epoch: 3, epochs: 3 });
  });

  it.each([
    ['plain', {}, [1, 3, 7]],
    [
      'accumulating, averaging and supervised',
      { method: 'supervised', options: {}, accumulate: 2, ema: 0.9 },
      [5],
    ],
  ] as [string, Partial<RunConfigInput>, number[]][])(
    'ends at the same bytes when it is stopped and continued: %s',
    async (_, changes, stops) => {
      const settings = config(changes);
      const whole = await run('whole', settings);
      const last = 'step-000009.safetensors';
      const expected = await readFile(join(whole.checkpoints, last));
      let from: string | undefined;
      const steps: number[] = [];
      for (const step of stops) {
        const part = await run('parts', settings, { from, context: stopAt(step) });
        expect(part.result).toMatchObject({ step, stopped: true });
        steps.push(...part.context.points('loss').map((point) => point.step));
        from = join(part.checkpoints, `step-00000${step}.safetensors`);
      }
      const end = await run('parts', settings, { from });
      steps.push(...end.context.points('loss').map((point) => point.step));
      expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(end.result).toEqual(whole.result);
      expect((await readFile(join(end.checkpoints, last))).equals(expected)).toBe(true);
      const knn = ({ context }: { context: Recorded }) =>
        context.points('knn').filter(({ step }) => step === 9);
      expect(knn(end).map(({ value }) => value)).toEqual(knn(whole).map(({ value }) => value));
    },
    120_000,
  );

  it('stops with the step, and keeps the last good checkpoint, when the loss is no longer a number', async () => {
    const context = recorded();
    const settings = config({
      method: 'supervised',
      options: {},
      optimizer: { kind: 'sgd', momentum: 0.99 },
      learningRate: 100,
      schedule: { warmupEpochs: 0, kind: 'constant' },
      epochs: 200,
      knn: { everyEpochs: 0 },
      checkpoint: { everySteps: 1 },
    });
    await expect(run('a', settings, { context })).rejects.toThrow(
      /became (NaN|-?Infinity|infinite).* at step \d+/,
    );
    const lost = context.points('loss').at(-1)!;
    const saved = context.of('checkpoint').map(({ checkpoint }) => checkpoint.step);
    expect(saved.at(-1)).toBe(lost.step - 1);
    expect(await readdir(join(folder, 'a', 'checkpoints'))).toContain(
      `step-${String(lost.step - 1).padStart(6, '0')}.safetensors`,
    );
  });

  it('refuses a run of 0 steps with the numbers', async () => {
    await expect(run('a', config({ batchSize: 64 }))).rejects.toThrow(
      '24 training images do not fill one batch of 64',
    );
  });

  it('refuses a method that needs labels where there are none', async () => {
    const bare = await writeImages(join(folder, 'bare'), 8);
    const settings = tinyConfig(join(bare, 'red'), { method: 'supervised', options: {} });
    await expect(run('a', settings)).rejects.toThrow('needs labels');
  });

  it('trains without labels, and says why there is no k-NN accuracy', async () => {
    const { result, context } = await run('a', tinyConfig(join(images, 'red'), { batchSize: 4, epochs: 1 }));
    expect(result).toMatchObject({ step: 3, knn: null });
    expect(context.of('log').map(({ message }) => message)).toContainEqual(
      expect.stringContaining('No k-NN accuracy: '),
    );
  });

  it.each(['supervised', 'simclr'])(
    'starts from the encoder of whichever checkpoint of another run is named: %s',
    async (method) => {
      const { context } = await run(
        'parent',
        config({ epochs: 1, checkpoint: { everySteps: 1, keepLast: 3 } }),
      );
      // Not the last one: a branch may begin anywhere.
      const [{ checkpoint: chosen }, , { checkpoint: last }] = context.of('checkpoint');
      expect([chosen.step, last.step]).toEqual([1, 3]);
      const init = { checkpoint: chosen.path, freezeEncoder: true };
      const child = await run('child', config({ method, options: {}, epochs: 1, init }));
      const weights = async (path: string) =>
        (await readTensorFile(path)).tensors['layer4.1.conv2.weight'].data;
      const after = await weights(child.context.of('checkpoint').at(-1)!.checkpoint.path);
      expect(after).toEqual(await weights(chosen.path));
      expect(after).not.toEqual(await weights(last.path));
      const measured = method === 'supervised' ? 'testAccuracy' : 'pairAccuracy';
      expect(child.context.points(measured)).not.toHaveLength(0);
    },
  );

  it('answers where it is when it is stopped before its first step', async () => {
    const stopped = recorded();
    stopped.stop();
    expect((await run('a', config(), { context: stopped })).result).toMatchObject({ step: 0, stopped: true });
    const { checkpoints } = await run('b', config(), { context: stopAt(2) });
    const from = join(checkpoints, 'step-000002.safetensors');
    expect((await run('b', config(), { from, context: stopped })).result).toMatchObject({
      step: 2,
      stopped: true,
    });
  });

  it('refuses to continue where the images have changed', async () => {
    const { checkpoints } = await run('a', config(), { context: stopAt(2) });
    await writeImages(images, 17);
    const from = join(checkpoints, 'step-000002.safetensors');
    await expect(run('a', config(), { from })).rejects.toThrow('trained on other images');
  });

  it('refuses to continue from a truncated or foreign file', async () => {
    const path = join(folder, 'a', 'checkpoints', 'step-000001.safetensors');
    await mkdir(join(folder, 'a', 'checkpoints'), { recursive: true });
    await writeFile(path, 'not a checkpoint');
    await expect(run('a', config(), { from: path })).rejects.toMatchObject({ name: 'UserError' });
    expect(await readFile(path, 'utf8')).toBe('not a checkpoint');
  });
});
