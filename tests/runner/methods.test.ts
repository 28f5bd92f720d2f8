/**
 * Every method from its configuration to a checkpoint: a few steps on tiny images, measured, saved, and continued from
 * the middle to the very same weights.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { methods } from '../../src/learning/registry';
import { train } from '../../src/runner/jobs/train';
import { readTensorFile } from '../../src/runner/tensor-file';
import type { RunConfig, RunConfigInput } from '../../src/shared/run-config';
import { recorded, temporaryFolder, tinyConfig, writeImages } from './fixtures';

interface Case {
  readonly options: Record<string, unknown>;
  /** What it charts beside the loss. */
  readonly metrics?: readonly string[];
  readonly config?: Partial<RunConfigInput>;
  /** Shows pictures at each evaluation. */
  readonly pictures?: true;
  /** The method whose network it learns from, on the same images. */
  readonly teacher?: string;
}

const heads = { projector: { hidden: 12, out: 8 } };
const vit = { backbone: { kind: 'vit', size: 'tiny', patch: 4, depth: 2 } } as const;
const tokenizer = { stages: 2, hidden: 8, residualHidden: 4 };
const codes = { codes: 8, dimension: 4 };
const tiles = { grid: 2, gap: 0 };
const twoCrops = { views: { locals: 1, localSize: 8 } };
const fewLabels = { data: { path: '', imageSize: 16, heldOut: 0.25, labelsPerClass: 2 } };

const CASES: Readonly<Record<string, Case>> = {
  simclr: { options: heads, metrics: ['pairAccuracy'] },
  'moco-v3': { options: { ...heads, predictor: { hidden: 8 } } },
  byol: { options: { ...heads, predictor: { hidden: 8 } } },
  simsiam: { options: { ...heads, predictor: { hidden: 4 } } },
  'barlow-twins': { options: heads },
  vicreg: { options: heads },
  swav: { options: { ...heads, prototypes: 8, ...twoCrops } },
  dino: { options: { prototypes: 16, head: { hidden: 12, bottleneck: 6 }, ...twoCrops } },
  ibot: {
    options: { prototypes: 16, head: { hidden: 12, bottleneck: 6 }, ...twoCrops },
    config: vit,
    pictures: true,
  },
  pirl: {
    options: { ...tiles, size: 8, negatives: 12 },
    metrics: ['tileAccuracy', 'imageAccuracy'],
    pictures: true,
  },
  data2vec: { options: { layers: 2 }, config: vit, pictures: true },
  'data2vec-fixed': { options: { square: 4 }, teacher: 'supervised', pictures: true },
  mae: { options: { decoder: { width: 12, depth: 1, heads: 3 } }, config: vit, pictures: true },
  vqvae: { options: codes, config: { backbone: { kind: 'tokenizer', ...tokenizer } }, pictures: true },
  beit: {
    options: { tokenizer: { ...tokenizer, ...codes } },
    config: vit,
    teacher: 'vqvae',
    metrics: ['maskedAccuracy'],
    pictures: true,
  },
  rotation: { options: { padCrop: 1 }, metrics: ['rotationAccuracy'], pictures: true },
  jigsaw: { options: { ...tiles, permutations: 24, hidden: 8 }, metrics: ['orderAccuracy'], pictures: true },
  colorization: { options: { decoder: 8 }, metrics: ['colorAccuracy'], pictures: true },
  'frame-order': { options: { frames: 3, stride: 1, hidden: 8 } },
  fixmatch: { options: { unlabelled: 1, confidence: 0.1 }, config: fewLabels, pictures: true },
  'pseudo-labels': { options: { roundEpochs: 0.5, confidence: 0.1 }, config: fewLabels },
  supervised: { options: {}, metrics: ['accuracy'] },
};

it('has a case for every method', () => {
  expect(Object.keys(CASES).sort()).toEqual(methods.map(({ id }) => id).sort());
});

describe.each(Object.keys(CASES))('%s', (method) => {
  it('trains, measures, saves and continues', { timeout: 20_000 }, async () => {
    const folder = await temporaryFolder();
    const path = await writeImages(join(folder, 'images'), 8, 16);
    const run = runner(folder, path);
    const { metrics = [], pictures, teacher } = CASES[method];
    const given = teacher === undefined ? {} : { teacher: (await run(teacher, 'teacher')).checkpoint };

    const whole = await run(method, 'whole', given);
    for (const name of ['loss', ...metrics]) {
      const values = whole.context.points(name).map(({ value }) => value);
      expect(values.length, name).toBeGreaterThan(1);
      expect(values.every(Number.isFinite), name).toBe(true);
    }
    expect(whole.context.points('knn')).toHaveLength(2);
    const last = whole.context.of('checkpoint').at(-1)!.checkpoint;
    expect(last).toMatchObject({ kind: 'final' });
    const shown = whole.context.of('pictures').map(({ step }) => step);
    expect(shown).toEqual(pictures ? [0, last.step] : []);

    const cut = await run(method, 'cut', given, null, 1);
    const continued = await run(method, 'cut', given, cut.checkpoint);
    const tensors = async (file: string) => (await readTensorFile(file)).tensors;
    expect(await tensors(continued.checkpoint)).toEqual(await tensors(whole.checkpoint));
  });
});

/** @param stopAt where it is stopped, steps. */
function runner(folder: string, path: string) {
  return async (
    method: string,
    name: string,
    given: Partial<RunConfigInput> = {},
    continueFrom: string | null = null,
    stopAt = Infinity,
  ) => {
    const { options, config: own } = CASES[method];
    const config: RunConfig = tinyConfig(path, {
      method,
      options,
      batchSize: 4,
      epochs: 1,
      knn: { everyEpochs: 0, k: 5 },
      ...own,
      data: { imageSize: 16, heldOut: 0.25, ...own?.data, path },
      ...given,
    });
    const context = recorded((message, self) => {
      if (message.type === 'metrics' && message.points.some(({ step }) => step >= stopAt)) self.stop();
    });
    const runDirectory = join(folder, name);
    await mkdir(runDirectory, { recursive: true });
    const directories = { runDirectory, cacheDirectory: join(folder, 'cache') };
    await train({ kind: 'train', runId: 'run', config, continueFrom, ...directories }, context);
    return { context, checkpoint: context.of('checkpoint').at(-1)!.checkpoint.path };
  };
}
