/** Training on one folder, evaluating on the labelled images of another. */
import { mkdir, rename } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/runner/jobs/estimate';
import { train } from '../../src/runner/jobs/train';
import type { RunConfigInput } from '../../src/shared/run-config';
import { recorded, temporaryFolder, tinyConfig, writeImages } from './fixtures';

async function trained(folder: string, data: RunConfigInput['data'], changes: Partial<RunConfigInput> = {}) {
  const context = recorded();
  const config = tinyConfig(data.path, {
    data: { imageSize: 8, heldOut: 0.25, ...data },
    epochs: 1,
    ...changes,
  });
  await train(
    {
      kind: 'train',
      runId: 'run',
      runDirectory: join(folder, 'run'),
      cacheDirectory: join(folder, 'cache'),
      config,
      continueFrom: null,
    },
    context,
  );
  return context;
}

/** The images of all classes in one folder: nothing says what they are. */
async function withoutClasses(folder: string): Promise<string> {
  const classes = await writeImages(join(folder, 'classes'), 8);
  const flat = join(folder, 'flat');
  await mkdir(flat);
  for (const name of readdirSync(classes))
    for (const file of readdirSync(join(classes, name)))
      await rename(join(classes, name, file), join(flat, `${name}-${file}`));
  return flat;
}

describe('data.labelled', () => {
  it('gives bank and queries to a run on unlabelled images', async () => {
    const folder = await temporaryFolder();
    const path = await withoutClasses(folder);
    const labelled = await writeImages(join(folder, 'labelled'), 12);
    const context = await trained(folder, { path, labelled });
    const baseline = context.of('event').find(({ name }) => name === 'baseline')!;
    // Three quarters of 24 vote, a quarter is classified; the 16 unlabelled ones take no part.
    expect(baseline.data).toMatchObject({ bank: 18, queries: 6, rawPixels: 1 });
    expect(context.points('knn').map(({ step }) => step)).toEqual([0, 1]);
    const { data } = tinyConfig(path, { data: { path, labelled, imageSize: 8 } });
    const found = await estimate(
      { kind: 'estimate', cacheDirectory: join(folder, 'cache'), config: tinyConfig(path, { data }) },
      recorded(),
    );
    expect(found).toMatchObject({ stepsPerEpoch: 1 });
  });

  it('says why there is no accuracy where neither folder has classes', async () => {
    const folder = await temporaryFolder();
    const path = await withoutClasses(folder);
    const context = await trained(folder, { path });
    expect(context.points('knn')).toEqual([]);
    expect(context.of('log').map(({ message }) => message)).toContain(
      `No k-NN accuracy: ${path} has no classes.`,
    );
    await expect(trained(folder, { path, labelled: path })).rejects.toThrow(
      `The labelled images in ${path} have no classes`,
    );
    await expect(trained(folder, { path, labelled: join(folder, 'none') })).rejects.toThrow(
      'There is no folder or file',
    );
  });

  it('measures a classifier too, where the classes are the same', async () => {
    const folder = await temporaryFolder();
    const path = await writeImages(join(folder, 'images'), 8);
    const labelled = await writeImages(join(folder, 'labelled'), 12);
    const supervised = { method: 'supervised', options: {} };
    const same = await trained(folder, { path, labelled }, supervised);
    expect(same.points('testAccuracy')).toHaveLength(2);
    await rename(join(labelled, 'red'), join(labelled, 'pink'));
    const other = await trained(folder, { path, labelled }, supervised);
    expect(other.points('testAccuracy')).toEqual([]);
    expect(other.points('knn')).toHaveLength(2);
  });
});
