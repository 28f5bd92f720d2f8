/** Bad data and bad luck: a clear error, and nothing lost. */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../src/shared/run-config';
import { temporaryFolder, tinyConfig, writeImages } from '../runner/fixtures';
import { lineOf, runTraining, script, selvedge, trainingJob, writeConfig } from './support';

let folder: string;
let library: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  library = join(folder, 'library');
});

/** Trains on `path`. */
async function train(path: string, changes: Partial<RunConfigInput> = {}) {
  const config = await writeConfig(folder, tinyConfig(path, { epochs: 1, ...changes }));
  return selvedge(library, ['train', config, '--name', 'mine']);
}

describe('data', () => {
  it('names a folder that is not there', async () => {
    const { code, stderr } = await train(join(folder, 'none'));
    expect(code).not.toBe(0);
    expect(stderr).toContain(join(folder, 'none'));
  });

  it('says so when the folder is empty', async () => {
    await mkdir(join(folder, 'empty'));
    const { code, stderr } = await train(join(folder, 'empty'));
    expect(code).toBe(1);
    expect(stderr).toContain('it is empty');
  });

  it('says so when no image can be read, and names one with the reason', async () => {
    await mkdir(join(folder, 'corrupt'));
    for (const name of ['a', 'b', 'c']) await writeFile(join(folder, 'corrupt', `${name}.jpg`), 'no image');
    const { code, stderr } = await train(join(folder, 'corrupt'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/[abc]\.jpg/);
  });

  it('refuses one image, and fewer images than a batch, with the numbers', async () => {
    const images = await writeImages(join(folder, 'images'), 1);
    await rm(join(images, 'blue'), { recursive: true });
    const one = await train(images);
    expect(one.code).toBe(1);
    expect(one.stderr).toContain('1 training image does not fill one batch of 8');
    await writeImages(images, 4);
    const config = await writeConfig(folder, tinyConfig(images));
    const few = await selvedge(library, ['train', config]);
    expect(few.code).toBe(1);
    expect(few.stderr).toContain('6 training images do not fill one batch of 8');
  });

  it('trains on the rest where some cannot be read, and lists them', async () => {
    const images = await writeImages(join(folder, 'images'), 8);
    await writeFile(join(images, 'red', 'broken.png'), 'no image');
    const finished = await train(images);
    expect(finished.code, finished.stderr).toBe(0);
    const skipped = finished.lines.find(({ name }) => name === 'skipped-images');
    expect(JSON.stringify(skipped)).toContain('broken.png');
  });
});

it('stops at a loss that is no longer a number, says the step and what to try, and keeps the last good weights', async () => {
  const images = await writeImages(join(folder, 'images'), 16);
  const finished = await train(images, {
    method: 'supervised',
    options: {},
    optimizer: { kind: 'sgd', momentum: 0.99 },
    learningRate: 100,
    schedule: { kind: 'constant' },
    epochs: 200,
    checkpoint: { everySteps: 1 },
  });
  expect(finished.code).toBe(1);
  expect(finished.stderr).toMatch(/became (NaN|-?Infinity|infinite).* at step \d+/);
  expect(finished.stderr).toContain('learningRate=');
  const { folder: run } = finished.lines.find(({ type }) => type === 'run') as unknown as { folder: string };
  expect(await readdir(join(run, 'checkpoints'))).not.toEqual([]);
});

describe('checkpoints', () => {
  it('falls back to an older one where the newest is truncated', async () => {
    const images = await writeImages(join(folder, 'images'), 16);
    const config = tinyConfig(images, {
      epochs: 60,
      knn: { everyEpochs: 0, k: 5 },
      checkpoint: { everySteps: 3, keepLast: 3 },
    });
    let saved = 0;
    const first = await selvedge(
      library,
      ['train', await writeConfig(folder, config), '--name', 'mine'],
      ({ type }, process) => {
        if (type === 'checkpoint' && ++saved === 3) process.kill('SIGINT');
      },
    );
    expect(lineOf(first, 'end')).toMatchObject({ status: 'stopped' });
    const { path, bytes } = lineOf(first, 'checkpoint') as unknown as { path: string; bytes: number };
    await truncate(path, Math.floor(bytes / 2));
    const second = await selvedge(library, ['resume', 'mine']);
    expect(second.code, second.stderr).toBe(0);
    expect(lineOf(second, 'checkpoint-refused')).toMatchObject({
      message: expect.stringContaining('truncated') as unknown,
    });
    expect(lineOf(second, 'end')).toMatchObject({ status: 'done', step: 180 });
  });

  it('refuses weights that are no safetensors file, or of another encoder', async () => {
    const images = await writeImages(join(folder, 'images'), 16);
    const foreign = join(folder, 'weights.pth');
    await writeFile(foreign, Buffer.alloc(4096, 'PK'));
    const config = await writeConfig(folder, tinyConfig(images, { epochs: 1 }));
    const refused = await selvedge(library, ['train', config, '--from', foreign]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('it is not a safetensors file');

    await selvedge(library, ['train', config, '--name', 'mine']);
    const wider = tinyConfig(images, { backbone: { kind: 'resnet', width: 0.25 } });
    const other = await selvedge(library, ['train', await writeConfig(folder, wider), '--from', 'mine']);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain("do not fit this run's encoder");
  });
});

/** A small file system, in a mount namespace of its own: Linux with user namespaces. */
const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

it('reports a full disk, and leaves the checkpoints that are there', async ({ skip }) => {
  if (!canMount) skip('needs Linux with user namespaces, to mount a file system of two megabytes');
  const images = await writeImages(join(folder, 'images'), 16);
  const config = tinyConfig(images, { epochs: 20, checkpoint: { everySteps: 2, keepLast: 9 } });
  const run = join(folder, 'run');
  await mkdir(join(run, 'checkpoints'), { recursive: true });
  await writeFile(join(folder, 'job.json'), JSON.stringify(trainingJob(run, config, null)));
  await writeFile(
    join(folder, 'host.mjs'),
    `import { fork } from 'node:child_process';
     import { readFileSync, readdirSync, copyFileSync, mkdirSync } from 'node:fs';
     const [script, folder, checkpoints] = process.argv.slice(2);
     const job = JSON.parse(readFileSync(folder + '/job.json', 'utf8'));
     const child = fork(script, [], { serialization: 'advanced' });
     const said = [];
     child.on('message', (message) => {
       said.push(message);
       if (message.type === 'ready') child.send({ version: 2, type: 'start', job });
     });
     child.on('close', () => {
       mkdirSync(folder + '/left');
       for (const name of readdirSync(checkpoints)) copyFileSync(checkpoints + '/' + name, folder + '/left/' + name);
       console.log(JSON.stringify(said.filter(({ type }) => type === 'failed' || type === 'checkpoint')));
     });`,
  );
  const mounted = `mount -t tmpfs -o size=2m tmpfs "$3" && exec "$0" "$1/host.mjs" "$2" "$1" "$3"`;
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['-rm', 'sh', '-c', mounted, process.execPath, folder, script, join(run, 'checkpoints')],
    { encoding: 'utf8' },
  );
  const said = JSON.parse(stdout.trim().split('\n').at(-1) ?? stderr) as {
    type: string;
    message?: string;
    checkpoint?: { path: string };
  }[];
  expect(said.at(-1)).toMatchObject({ type: 'failed', kind: 'failed' });
  expect(said.at(-1)!.message).toContain('the disk is full');
  const saved = said.flatMap(({ checkpoint }) => checkpoint?.path.split('/').at(-1) ?? []);
  expect(saved.length).toBeGreaterThan(0);
  expect((await readdir(join(folder, 'left'))).sort()).toEqual(saved.sort());

  // What is left is whole: training goes on from it once there is room.
  const continued = trainingJob(run, config, join(folder, 'left', saved.at(-1)!));
  expect((await runTraining(continued)).outcome).toMatchObject({
    kind: 'answered',
    value: { stopped: false },
  });
});
