import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostTensors, TensorSpecs } from '../../src/engine';
import { BadCheckpoint } from '../../src/runner/bad-checkpoint';
import {
  configHash,
  readCheckpoint,
  readCheckpointMeta,
  writeCheckpoint,
  type Checkpoint,
  type CheckpointMeta,
} from '../../src/runner/checkpoint';
import { CheckpointFolder, superseded } from '../../src/runner/checkpoint-folder';
import { readTensorFile, writeTensorFile } from '../../src/runner/tensor-file';
import { UserError } from '../../src/shared/errors';
import type { CheckpointInfo } from '../../src/shared/checkpoint-info';
import { backboneSchema, runConfigSchema, type BackboneConfig } from '../../src/shared/run-config';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selvedge-'));
});
afterEach(() => rm(folder, { recursive: true }));

const specs: TensorSpecs = {
  'encoder/conv1.weight': { shape: [2, 1], dtype: 'float32' },
  'projector/0.weight': { shape: [1], dtype: 'float32' },
  'optimizer/momentum/encoder/conv1.weight': { shape: [2, 1], dtype: 'float32' },
  'counters/steps': { shape: [], dtype: 'int32' },
};
const state: HostTensors = {
  'encoder/conv1.weight': { ...specs['encoder/conv1.weight'], data: Float32Array.of(1, -0) },
  'projector/0.weight': { ...specs['projector/0.weight'], data: Float32Array.of(NaN) },
  'optimizer/momentum/encoder/conv1.weight': {
    ...specs['encoder/conv1.weight'],
    data: Float32Array.of(0.1, 0.2),
  },
  'counters/steps': { ...specs['counters/steps'], data: Int32Array.of(5) },
};
const meta: CheckpointMeta = {
  version: 1,
  run: 'r1',
  method: 'simclr',
  config: 'c1',
  data: 'd1',
  step: 12,
  epoch: 1.5,
  kind: 'periodic',
  knn: 0.25,
  memory: { collapse: [1, 2] },
};
const checkpoint: Checkpoint = { meta, state };
const identity = { run: 'r1', config: 'c1', data: 'd1' };

describe('checkpoints', () => {
  it('give back the state and what they say about themselves', async () => {
    const path = join(folder, 'a');
    const bytes = await writeCheckpoint(path, checkpoint);
    expect(await readCheckpoint(path, identity, specs)).toEqual(checkpoint);
    expect(await readCheckpointMeta(path)).toEqual({ ...meta, bytes });
  });

  it('hold the encoder under its bare names', async () => {
    const path = join(folder, 'a');
    await writeCheckpoint(path, checkpoint);
    expect(Object.keys((await readTensorFile(path)).tensors).sort()).toEqual([
      'conv1.weight',
      'counters/steps',
      'optimizer/momentum/encoder/conv1.weight',
      'projector/0.weight',
    ]);
  });

  it('of equal content are equal bytes', async () => {
    await writeCheckpoint(join(folder, 'a'), checkpoint);
    const reversed = Object.fromEntries(Object.entries(state).reverse());
    await writeCheckpoint(join(folder, 'b'), { meta, state: reversed });
    expect(await readFile(join(folder, 'a'))).toEqual(await readFile(join(folder, 'b')));
  });

  it.each([
    ['another run', { run: 'r2' }, 'belongs to run r1, not to r2'],
    ['other settings', { config: 'c2' }, 'trained with other settings'],
    ['other images', { data: 'd2' }, 'trained on other images'],
  ])('of %s are refused', async (_, difference, message) => {
    const path = join(folder, 'a');
    await writeCheckpoint(path, checkpoint);
    const reading = readCheckpoint(path, { ...identity, ...difference }, specs);
    await expect(reading).rejects.toBeInstanceOf(UserError);
    await expect(reading).rejects.toThrow(message);
  });

  it('are refused when truncated, damaged, foreign, missing, or of another network', async () => {
    const path = join(folder, 'a');
    const refused = async (message: string, wanted = specs) => {
      const reading = readCheckpoint(path, identity, wanted);
      await expect(reading).rejects.toBeInstanceOf(BadCheckpoint);
      await expect(reading).rejects.toThrow(message);
    };
    await refused('There is no file');
    const bytes = await writeCheckpoint(path, checkpoint);
    await refused('holds nothing as "a"', { ...specs, a: { shape: [], dtype: 'float32' } });
    await refused('holds float32[1] as "projector/0.weight", where the step has float32[2]', {
      ...specs,
      'projector/0.weight': { shape: [2], dtype: 'float32' },
    });
    const damaged = await readFile(path);
    damaged[bytes - 1] ^= 1;
    await writeFile(path, damaged);
    await refused('does not match its checksum');
    await truncate(path, bytes - 4);
    await refused('it is truncated');
    await writeTensorFile(path, { w: { dtype: 'F32', shape: [1], data: Float32Array.of(1) } });
    await refused('not a checkpoint of Selvedge');
  });
});

describe('configHash', () => {
  const config = runConfigSchema.parse({
    method: 'simclr',
    backbone: { kind: 'resnet' },
    data: { path: 'sample' },
    optimizer: { kind: 'sgd' },
    learningRate: 0.1,
    batchSize: 8,
    epochs: 1,
  });
  it('is one for any order of the settings, another for another value', () => {
    expect(configHash(Object.fromEntries(Object.entries(config).reverse()) as typeof config)).toBe(
      configHash(config),
    );
    expect(configHash({ ...config, learningRate: 0.2 })).not.toBe(configHash(config));
  });
  it('is for a ViT with its class token what it was before there was another choice', () => {
    const hash = (backbone: object) => configHash({ ...config, backbone: backbone as BackboneConfig });
    const before = { kind: 'vit', size: 'tiny', patch: 4, depth: 12 };
    expect(hash(backboneSchema.parse(before))).toBe(hash(before));
    expect(hash({ ...before, pool: 'mean' })).not.toBe(hash(before));
  });
  it('leaves out what does not decide the result', () => {
    expect(configHash({ ...config, device: 'cpu', threads: 2 })).toBe(configHash(config));
  });
});

describe('CheckpointFolder', () => {
  const log: string[] = [];
  const name = (path: string) => path.split('/').at(-1)!;
  const events = {
    onSaved: ({ path, kind }: CheckpointInfo) => log.push(`${kind} ${name(path)}`),
    onDeleted: (path: string) => log.push(`deleted ${name(path)}`),
  };
  const at = (step: number, knn: number | null, kind: CheckpointMeta['kind'] = 'periodic'): Checkpoint => ({
    state,
    meta: { ...meta, step, knn, kind },
  });
  beforeEach(() => void (log.length = 0));

  it('keeps the last, the best and the final ones, and reports what it deletes', async () => {
    const run = await CheckpointFolder.open(join(folder, 'checkpoints'), 'r1', 2, 0, events);
    for (const [step, knn] of [
      [1, null],
      [2, 0.9],
      [3, 0.5],
      [4, null],
    ] as const)
      await run.save(at(step, knn));
    await run.save(at(5, 0.6, 'final'));
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual([
      'step-000002.safetensors',
      'step-000004.safetensors',
      'step-000005.safetensors',
    ]);
    expect(log).toEqual([
      'periodic step-000001.safetensors',
      'periodic step-000002.safetensors',
      'periodic step-000003.safetensors',
      'deleted step-000001.safetensors',
      'periodic step-000004.safetensors',
      'final step-000005.safetensors',
      'deleted step-000003.safetensors',
    ]);
    expect(run.bestKnn).toBe(0.9);
  });

  it('goes on with what is there, and leaves alone what is not its own', async () => {
    const first = await CheckpointFolder.open(folder, 'r1', 2, 0, events);
    for (const [step, knn] of [
      [1, 0.8],
      [2, 0.3],
      [3, 0.9],
    ] as const)
      await first.save(at(step, knn));
    await writeFile(join(folder, 'step-000009.safetensors'), 'damaged');
    await writeFile(join(folder, '.step-000004.safetensors.01234567.tmp'), 'half');
    const second = await CheckpointFolder.open(folder, 'r1', 2, 2, events);
    expect(second.bestKnn).toBe(0.3);
    await second.save(at(4, null));
    expect((await readdir(folder)).sort()).toEqual(
      [2, 3, 4, 9].map((step) => `step-00000${step}.safetensors`),
    );
  });

  it('leaves every checkpoint in place when the disk is full', async () => {
    const run = await CheckpointFolder.open(folder, 'r1', 1, 0, events);
    await run.save(at(1, null));
    const before = await readFile(join(folder, 'step-000001.safetensors'));
    const full = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    await expect(run.save(at(2, null), full)).rejects.toThrow('the disk is full');
    await expect(run.save(at(1, null), full)).rejects.toThrow('the disk is full');
    expect(await readdir(folder)).toEqual(['step-000001.safetensors']);
    expect(await readFile(join(folder, 'step-000001.safetensors'))).toEqual(before);
  });
});

describe('superseded', () => {
  it('prefers the earlier of two equally good checkpoints', () => {
    const info = (step: number, knn: number | null): CheckpointInfo => ({
      path: `${step}`,
      step,
      epoch: 0,
      bytes: 1,
      kind: 'periodic',
      knn,
    });
    const all = [info(1, 0.5), info(2, 0.5), info(3, null)];
    expect(superseded(all, 1).map(({ step }) => step)).toEqual([2]);
  });
});
