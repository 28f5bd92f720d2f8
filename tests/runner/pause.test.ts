import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { train } from '../../src/runner/jobs/train';
import type { RunnerMessage, TrainResult } from '../../src/shared/protocol';
import { recorded, temporaryFolder, tinyConfig, writeImages, type Recorded } from './fixtures';

/** Long against a step of these images, milliseconds. */
const PAUSE = 400;

async function trained(name: string, folder: string, context: Recorded): Promise<[TrainResult, Buffer]> {
  const config = tinyConfig(join(folder, 'images'), { knn: { everyEpochs: 0 } });
  const result = (await train(
    {
      kind: 'train',
      runId: 'run',
      runDirectory: join(folder, name),
      cacheDirectory: join(folder, 'cache'),
      config,
      continueFrom: null,
    },
    context,
  )) as TrainResult;
  const { path } = context.of('checkpoint').at(-1)!.checkpoint;
  return [result, await readFile(path)];
}

const isStep = (message: RunnerMessage, step: number) =>
  message.type === 'progress' && message.phase === 'training' && message.done === step;

describe('a pause', () => {
  it('changes nothing of what is trained, nor the speed that is shown', async () => {
    const folder = await temporaryFolder();
    await writeImages(join(folder, 'images'), 16);
    const [result, bytes] = await trained('straight', folder, recorded());
    const seen: string[] = [];
    const paused = recorded((message, context) => {
      if (isStep(message, 0) || isStep(message, 4)) context.gate.pause();
      if (message.type === 'paused') setTimeout(() => context.gate.unpause(), PAUSE);
      if (['paused', 'unpaused', 'metrics'].includes(message.type)) seen.push(message.type);
    });
    const began = performance.now();
    const [again, same] = await trained('paused', folder, paused);
    expect(performance.now() - began).toBeGreaterThan(2 * PAUSE);
    expect(again).toEqual(result);
    expect(same.equals(bytes)).toBe(true);
    expect(seen.slice(0, 3)).toEqual(['paused', 'unpaused', 'metrics']);
    expect(seen.filter((type) => type === 'paused')).toHaveLength(2);
    expect(seen.indexOf('paused', 1)).toBe(seen.indexOf('unpaused', 2) - 1);
    // Eight images in a step that took the pause as well would be 20 a second.
    const speeds = paused.points('imagesPerSecond').map(({ value }) => value);
    expect(Math.min(...speeds)).toBeGreaterThan((8 / PAUSE) * 1000);
  });

  it('ends by a stop, with a checkpoint', async () => {
    const folder = await temporaryFolder();
    await writeImages(join(folder, 'images'), 16);
    const context = recorded((message, recording) => {
      if (isStep(message, 3)) recording.gate.pause();
      if (message.type === 'paused') void sleep(20).then(() => recording.stop());
    });
    const [result] = await trained('run', folder, context);
    expect(result).toMatchObject({ step: 3, stopped: true });
    expect(context.of('checkpoint').at(-1)!.checkpoint.step).toBe(3);
  });

  it('that is taken back before the step ends never was', async () => {
    const folder = await temporaryFolder();
    await writeImages(join(folder, 'images'), 16);
    const context = recorded((message, { gate }) => {
      if (!isStep(message, 2)) return;
      gate.pause();
      gate.unpause();
    });
    await trained('run', folder, context);
    expect(context.of('paused')).toEqual([]);
  });
});
