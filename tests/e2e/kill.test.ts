/**
 * A run that is killed at random moments and continued each time ends at the same bytes as one that was left
 * alone. SELVEDGE_KILLS=20 for more moments, SELVEDGE_KILL_SEED for other ones.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { random } from '../../src/shared/random';
import { temporaryFolder, tinyConfig, writeImages } from '../runner/fixtures';
import { runTraining, trainingJob } from './support';

const kills = Number(process.env['SELVEDGE_KILLS'] ?? 3);
const seed = Number(process.env['SELVEDGE_KILL_SEED'] ?? 0);
const STEPS = 60 + 20 * kills;

it(`survives SIGKILL at ${kills} random moments`, { timeout: 60_000 + kills * 30_000 }, async () => {
  const folder = await temporaryFolder();
  const images = await writeImages(join(folder, 'images'), 16);
  const config = tinyConfig(images, {
    epochs: STEPS / 3,
    knn: { everyEpochs: 10, k: 5 },
    checkpoint: { everySteps: 4, keepLast: 2 },
  });
  const last = `step-${String(STEPS).padStart(6, '0')}.safetensors`;

  const whole = join(folder, 'whole');
  expect((await runTraining(trainingJob(whole, config, null))).outcome).toMatchObject({ kind: 'answered' });

  const draw = random(seed, 'order', 1);
  const parts = join(folder, 'parts');
  const moments: number[] = [];
  while (moments.length < kills) {
    // Each life lasts a random number of messages, so that one ends in a step, one in a checkpoint, one in between.
    const messages = 3 + draw.integer(40);
    const delay = draw.integer(40);
    let heard = 0;
    const end = await runTraining(trainingJob(parts, config, await newest(parts)), (message, child) => {
      if (message.type !== 'heartbeat' && ++heard === messages) void sleep(delay).then(() => child.kill());
    });
    if (end.outcome.kind === 'answered') break;
    expect(end).toMatchObject({ exitSignal: 'SIGKILL', outcome: { kind: 'lost' } });
    moments.push(stepOf(await newest(parts)));
  }
  const end = await runTraining(trainingJob(parts, config, await newest(parts)));
  expect(end.outcome).toMatchObject({ kind: 'answered', value: { step: STEPS, stopped: false } });
  expect(moments, 'the run ended before it was killed often enough').toHaveLength(kills);
  const [left, right] = await Promise.all(
    [whole, parts].map((run) => readFile(join(run, 'checkpoints', last))),
  );
  expect(right.equals(left)).toBe(true);
  expect((await readdir(join(parts, 'checkpoints'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  console.log(`killed after the checkpoints of steps ${moments.join(', ')} of ${STEPS}`);
});

async function newest(run: string): Promise<string | null> {
  const checkpoints = join(run, 'checkpoints');
  if (!existsSync(checkpoints)) return null;
  const names = (await readdir(checkpoints)).filter((name) => /^step-\d+\.safetensors$/.test(name)).sort();
  return names.length > 0 ? join(checkpoints, names.at(-1)!) : null;
}

const stepOf = (path: string | null) => Number(/step-(\d+)/.exec(path ?? 'step-0')![1]);
