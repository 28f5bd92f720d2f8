import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset, type Dataset } from '../../src/data';
import { findMethod } from '../../src/learning';
import { estimate } from '../../src/runner/jobs/estimate';
import { train } from '../../src/runner/jobs/train';
import { batchReader } from '../../src/runner/training/batches';
import { nothingTaken, type Taken } from '../../src/runner/training/pseudo-labels';
import { chooseSamples, countSamples, imagesOf } from '../../src/runner/training/samples';
import type { TrainResult } from '../../src/shared/protocol';
import type { RunConfig, RunConfigInput } from '../../src/shared/run-config';
import { recorded, temporaryFolder, tinyConfig, writeImages } from './fixtures';

async function open(path: string, heldOut = 0): Promise<Dataset> {
  const cacheDirectory = join(await temporaryFolder(), 'cache');
  return openDataset(path, { imageSize: 8, cacheDirectory, resourcesDirectory: 'resources', heldOut });
}

function samplesOf(dataset: Dataset, config: RunConfig) {
  const samples = chooseSamples(dataset, config, findMethod(config.method));
  return { samples, read: batchReader(dataset, samples, config) };
}

async function trained(config: RunConfig, folder: string) {
  const context = recorded();
  const job = { kind: 'train', runId: 'run', continueFrom: null, config } as const;
  const directories = { runDirectory: join(folder, 'run'), cacheDirectory: join(folder, 'cache') };
  return { result: (await train({ ...job, ...directories }, context)) as TrainResult, context };
}

describe('samples of self-training', () => {
  it('are labelled images alone, then these and those taken for labelled, each batch by its share', async () => {
    const path = await writeImages(join(await temporaryFolder(), 'images'), 12);
    const dataset = await open(path);
    const config = tinyConfig(path, {
      method: 'pseudo-labels',
      options: { labelledShare: 0.25 },
      data: { path, imageSize: 8, heldOut: 0, labelsPerClass: 2 },
      batchSize: 8,
    });
    const samples = chooseSamples(dataset, config, findMethod(config.method));
    if (samples.kind !== 'rounds') throw new Error(samples.kind);
    const labelled = new Set(samples.labelled);
    const named = [...samples.unlabelled].slice(0, 5);
    let taken: Taken = nothingTaken;
    const read = batchReader(dataset, samples, config, () => taken);
    const imagesOfStep = (step: number) => Array.from(read(step).indices, (index) => index % dataset.count);

    expect(imagesOfStep(0).every((image) => labelled.has(image))).toBe(true);
    taken = { round: 1, images: named, labels: named.map(() => 1) };
    // From the beginning of a permutation to the end of another one: 30 places of 5 images.
    const seen = [5, 6, 7, 8, 9].flatMap((step) => {
      const images = imagesOfStep(step);
      expect(images.map((image) => labelled.has(image))).toEqual([
        true,
        true,
        ...Array<boolean>(6).fill(false),
      ]);
      const labels = Array.from(read(step).labels!);
      expect(labels).toEqual([
        ...images.slice(0, 2).map((image) => dataset.labels![image]),
        1,
        1,
        1,
        1,
        1,
        1,
      ]);
      return images.slice(2);
    });
    for (const image of named) expect(seen.filter((one) => one === image)).toHaveLength(6);
    // Whatever was read before, a step is the same.
    expect(imagesOfStep(1)).toEqual(
      Array.from(
        batchReader(dataset, samples, config, () => taken)(1).indices,
        (index) => index % dataset.count,
      ),
    );
  });
});

describe('samples of sequences', () => {
  const config = (path: string, changes: Partial<RunConfigInput> = {}) =>
    tinyConfig(path, {
      method: 'frame-order',
      options: { frames: 3, stride: 2, hidden: 8 },
      data: { path, imageSize: 8, heldOut: 0 },
      batchSize: 4,
      epochs: 2,
      ...changes,
    });

  it('are frames of one folder in their order, evenly apart, another distance in another epoch', async () => {
    const path = await writeImages(join(await temporaryFolder(), 'images'), 6);
    const dataset = await open(path);
    const { samples, read } = samplesOf(dataset, config(path));
    expect(countSamples(samples)).toBe(8);
    const distances = new Set<number>();
    for (let step = 0; step < 8; step++) {
      const { images, indices, samples: numbers } = read(step);
      expect([images.length, numbers!.length]).toEqual([4 * 3 * 192, 4]);
      expect(Array.from(indices)).toEqual(Array.from(numbers!).flatMap((n) => [n, n, n]));
      const rows = Array.from({ length: 12 }, (_, i) => [...images.subarray(192 * i, 192 * (i + 1))].join());
      const all = Array.from({ length: 12 }, (_, i) => [...dataset.read(Uint32Array.of(i))].join());
      const frames = rows.map((row) => all.indexOf(row));
      for (let row = 0; row < 12; row += 3) {
        const [a, b, c] = frames.slice(row, row + 3);
        expect(b - a).toBe(c - b);
        expect(Math.floor(a / 6)).toBe(Math.floor(c / 6));
        distances.add(b - a);
      }
    }
    expect([...distances].sort()).toEqual([1, 2]);
    dataset.close();
  });

  it('are refused with the numbers where no folder is long enough', async () => {
    const path = await writeImages(join(await temporaryFolder(), 'images'), 2);
    const dataset = await open(path);
    expect(() => samplesOf(dataset, config(path))).toThrow(
      '3 frames are needed, and the longest of its 2 folders has 2 training images',
    );
    dataset.close();
  });

  it('are trained on and estimated', async () => {
    const folder = await temporaryFolder();
    const path = await writeImages(join(folder, 'images'), 8);
    const { result, context } = await trained(config(path), folder);
    expect(result).toMatchObject({ step: 6, epoch: 2, stopped: false });
    expect(context.points('orderAccuracy')).toHaveLength(6);
    const cacheDirectory = join(folder, 'cache');
    const found = await estimate({ kind: 'estimate', cacheDirectory, config: config(path) }, recorded());
    expect(found).toMatchObject({ stepsPerEpoch: 3, totalSteps: 6 });
    await expect(trained(config(path, { batchSize: 64 }), folder)).rejects.toThrow(
      '12 places in the sequences do not fill one batch of 64',
    );
  });
});

describe('samples of labelled and unlabelled images', () => {
  it('are each labelled image, again and again, with others once an epoch', async () => {
    const path = await writeImages(join(await temporaryFolder(), 'images'), 12);
    const dataset = await open(path);
    const config = tinyConfig(path, { method: 'supervised', options: {} });
    const images = chooseSamples(dataset, config, findMethod('supervised'));
    expect(imagesOf(images)).toHaveLength(24);
    const labelled = Uint32Array.of(0, 12);
    const unlabelled = dataset.train.filter((index) => index % 12 !== 0);
    const read = batchReader(
      dataset,
      { kind: 'mixed', labelled, unlabelled, ratio: 2 },
      { seed: 3, batchSize: 3 },
    );
    const seen = [0, 1, 2].map((step) => {
      const { indices, labels } = read(step);
      return { indices: Array.from(indices), labels: Array.from(labels!) };
    });
    expect(seen.flatMap(({ indices }) => indices.slice(3)).toSorted()).toHaveLength(18);
    expect(new Set(seen.flatMap(({ indices }) => indices.slice(3))).size).toBe(18);
    const known = seen.flatMap(({ indices }) => indices.slice(0, 3));
    expect(new Set(known).size).toBe(9);
    expect(known.map((index) => index % 24).every((index) => index % 12 === 0)).toBe(true);
    for (const { indices, labels } of seen)
      expect(labels).toEqual(indices.map((index) => dataset.labels![index % 24]));
    dataset.close();
  });
});
