import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { estimate } from '../../src/runner/jobs/estimate';
import { train } from '../../src/runner/jobs/train';
import { readTensorFile } from '../../src/runner/tensor-file';
import type { RunConfig, RunConfigInput } from '../../src/shared/run-config';
import { recorded, temporaryFolder, tinyConfig, writeImages } from './fixtures';

async function setUp() {
  const folder = await temporaryFolder();
  const images = await writeImages(join(folder, 'images'), 8);
  const run = async (name: string, config: RunConfig) => {
    const context = recorded();
    const runDirectory = join(folder, name);
    await mkdir(runDirectory, { recursive: true });
    const cacheDirectory = join(folder, 'cache');
    await train(
      { kind: 'train', runId: name, runDirectory, cacheDirectory, config, continueFrom: null },
      context,
    );
    return { context, path: context.of('checkpoint').at(-1)!.checkpoint.path };
  };
  const config = (changes: Partial<RunConfigInput>) => tinyConfig(images, { epochs: 1, ...changes });
  return { folder, run, config };
}
const student = { method: 'data2vec-fixed', options: { square: 4 } };

it('learns from the encoder of a file, which stays as it is', async () => {
  const { run, config } = await setUp();
  const teacher = await run('teacher', config({ method: 'supervised', options: {}, ema: 0.5 }));
  const { context, path } = await run('student', config({ ...student, teacher: teacher.path }));
  const saved = (await readTensorFile(path)).tensors;
  const given = (await readTensorFile(teacher.path)).tensors;
  for (const name of ['conv1.weight', 'layer4.1.bn2.running_var']) {
    expect(saved[`fixed/encoder/${name}`].data).toEqual(given[`ema/encoder/${name}`].data);
    expect(saved[name].data).not.toEqual(given[`ema/encoder/${name}`].data);
  }
  expect(context.points('loss').every(({ value }) => value > 0)).toBe(true);
  expect(context.of('log').map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^Took \d+ tensors of the fixed network from .*teacher/),
  );
});

it('says what is wrong with the teacher, and can be estimated without one', async () => {
  const { run, config, folder } = await setUp();
  await expect(run('none', config(student))).rejects.toThrow('teacher is missing: data2vec, fixed teacher');
  const narrow = await run('narrow', config({ method: 'simclr' }));
  const wide = config({ ...student, teacher: narrow.path, backbone: { kind: 'resnet', width: 0.25 } });
  await expect(run('wide', wide)).rejects.toThrow(
    /encoder\/conv1.weight is \[8, 3, 3, 3\], the method needs/,
  );
  const job = { kind: 'estimate' as const, cacheDirectory: join(folder, 'cache') };
  const measured = await estimate(
    { ...job, config: config({ ...student, teacher: '/nowhere' }) },
    recorded(),
  );
  expect(measured).toMatchObject({ stepsPerEpoch: 1 });
});
