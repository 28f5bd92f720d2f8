/** Tiny images, a tiny configuration, and a context that remembers what a job says. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { Channel } from '../../src/runner/channel';
import type { JobContext } from '../../src/runner/job';
import { PauseGate } from '../../src/runner/pause';
import { Inbox } from '../../src/runner/service/inbox';
import { UserError } from '../../src/shared/errors';
import { runnerMessageSchema, type MetricPoint, type RunnerMessage } from '../../src/shared/protocol';
import { random } from '../../src/shared/random';
import { runConfigSchema, type RunConfig, type RunConfigInput } from '../../src/shared/run-config';

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'selvedge-runner-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Noisy reddish images in "red/", noisy bluish ones in "blue/": easy to tell apart, no two alike. */
export async function writeImages(folder: string, perClass: number, size = 8): Promise<string> {
  const classes = { red: [200, 60, 60], blue: [60, 60, 200] };
  for (const [position, [name, colour]] of Object.entries(classes).entries()) {
    await mkdir(join(folder, name), { recursive: true });
    for (let i = 0; i < perClass; i++) {
      const draw = random(i, 'views', position);
      const pixels = Uint8Array.from(
        { length: size * size * 3 },
        (_, k) => colour[k % 3] + draw.integer(50) - 25,
      );
      await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
        .png()
        .toFile(join(folder, name, `${String(i).padStart(3, '0')}.png`));
    }
  }
  return folder;
}

/** A narrow ResNet-18 on 8 px images: compiles in a second, steps in milliseconds. */
export function tinyConfig(path: string, changes: Partial<RunConfigInput> = {}): RunConfig {
  return runConfigSchema.parse({
    method: 'simclr',
    options: { projector: { hidden: 16, out: 8 } },
    backbone: { kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 },
    data: { path, imageSize: 8, heldOut: 0.25 },
    optimizer: { kind: 'sgd' },
    learningRate: 0.05,
    batchSize: 8,
    epochs: 3,
    knn: { everyEpochs: 1, k: 5 },
    device: 'cpu',
    threads: 1,
    ...changes,
  } satisfies RunConfigInput);
}

export interface Recorded extends JobContext {
  readonly said: RunnerMessage[];
  of<T extends RunnerMessage['type']>(type: T): Extract<RunnerMessage, { type: T }>[];
  points(name: string): MetricPoint[];
  stop(): void;
}

/** @param onMessage called for every message, e.g. to stop at one. */
export function recorded(
  onMessage: (message: RunnerMessage, context: Recorded) => void = () => undefined,
): Recorded {
  const said: RunnerMessage[] = [];
  const stopping = new AbortController();
  let clock = 0;
  const context: Recorded = {
    said,
    signal: stopping.signal,
    gate: new PauseGate(),
    inbox: new Inbox(),
    channel: new Channel(
      (message, sent) => {
        said.push(runnerMessageSchema.parse(message));
        onMessage(message, context);
        sent();
      },
      // Every message comes late enough to be sent at once.
      () => (clock += 1000),
    ),
    of: (type) => said.filter((message) => message.type === type) as never,
    points: (name) =>
      context.of('metrics').flatMap(({ points }) => points.filter((point) => point.name === name)),
    stop: () => stopping.abort(new UserError('Stopped before it was done.')),
  };
  return context;
}
