import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOnnx } from '../../src/engine';
import { embed } from '../../src/runner/jobs/embed';
import { exportEncoder } from '../../src/runner/jobs/export';
import { evaluate } from '../../src/runner/jobs/evaluate';
import { evaluationAnswerSchema, protocolSchema, type ProtocolInput } from '../../src/shared/evaluation';
import { train } from '../../src/runner/jobs/train';
import { readTensorFile } from '../../src/runner/tensor-file';
import type { RunConfig } from '../../src/shared/run-config';
import { STARTING_WEIGHTS, startingWeightsSchema } from '../../src/shared/starting-weights';
import { openWeights, type WeightsSource } from '../../src/runner/encoders/open-weights';
import { recorded, tinyConfig, writeImages } from './fixtures';
import { writeRandomEncoder } from './random-encoder';

let folder: string;
let config: RunConfig;
let checkpoint: string;
let data: { path: string; imageSize: number; cacheDirectory: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selvedge-runner-'));
  const path = await writeImages(join(folder, 'images'), 8);
  data = { path, imageSize: 8, cacheDirectory: join(folder, 'cache') };
  config = tinyConfig(path, { epochs: 1, ema: 0.5 });
  const context = recorded();
  const { cacheDirectory } = data;
  await train(
    { kind: 'train', runId: 'run', runDirectory: folder, cacheDirectory, config, continueFrom: null },
    context,
  );
  checkpoint = context.of('checkpoint').at(-1)!.checkpoint.path;
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

describe('evaluate', () => {
  const measured = async (protocol: ProtocolInput) => {
    const job = { kind: 'evaluate', checkpoint, config, data } as const;
    const answer = await evaluate({ ...job, protocol: protocolSchema.parse(protocol) }, recorded());
    return evaluationAnswerSchema.parse(answer);
  };

  it('knn gives the accuracy for every k, and says how many voted', async () => {
    const answer = await measured({ kind: 'knn', k: [1, 200] });
    expect(answer).toMatchObject({ bank: 12, queries: 4, voters: { 1: 1, 200: 12 }, temperature: 0.07 });
    const { accuracy } = answer as Extract<typeof answer, { kind: 'knn' }>;
    expect(Object.keys(accuracy)).toEqual(['1', '200']);
    expect(accuracy['1']).toBeGreaterThan(0.7);
  });

  it('linear gives the final accuracy; of several learning rates it says how one was chosen', async () => {
    const answer = await measured({ kind: 'linear', epochs: 20, learningRates: [1e-6, 0.5] });
    expect(answer).toMatchObject({ bank: 12, queries: 4, epochs: 20, grid: [{ learningRate: 1e-6 }, {}] });
    const one = await measured({ kind: 'linear', epochs: 50, learningRates: [0.5] });
    expect(one).toMatchObject({ bankAccuracy: 1, learningRate: 0.5, grid: null });
  });

  it('takes what a hidden layer gives, and names the layers there are', async () => {
    const hidden = await measured({ kind: 'linear', epochs: 20, feature: 'layer2' });
    expect(hidden).toMatchObject({ bank: 12, queries: 4, bankAccuracy: 1 });
    await expect(measured({ kind: 'knn', k: [1], feature: 'layer9' })).rejects.toThrow(/layer9/);
  });

  it('few-shot gives a mean and its interval for each number of shots', async () => {
    const answer = await measured({ kind: 'few-shot', shots: [1, 2], draws: 5 });
    expect(answer).toMatchObject({ draws: 5, shots: [{ shots: 1 }, { shots: 2 }] });
    await expect(measured({ kind: 'few-shot', shots: [50] })).rejects.toThrow(/50 images of each class/);
  });
});

describe('embed', () => {
  const job = (name: string, format: 'parquet' | 'npy') =>
    ({ kind: 'embed', checkpoint, config, data, out: join(folder, name), format }) as const;

  it('writes the same embeddings as Parquet and as npy, with names', async () => {
    const context = recorded();
    expect(await embed(job('a.parquet', 'parquet'), context)).toMatchObject({ images: 16, size: 64 });
    expect(context.of('progress').at(-1)).toMatchObject({ phase: 'embedding', done: 16, total: 16 });
    await embed(job('a.npy', 'npy'), recorded());
    const parquet = await readFile(join(folder, 'a.parquet'));
    const rows = await parquetReadObjects({ file: Uint8Array.from(parquet).buffer });
    const names = JSON.parse(await readFile(join(folder, 'a.json'), 'utf8')) as {
      names: string[];
      labels: string[];
    };
    expect(rows.map(({ name }) => name as string)).toEqual(names.names);
    expect(rows.map(({ label }) => label as string)).toEqual(names.labels);
    const npy = await readFile(join(folder, 'a.npy'));
    const floats = new Float32Array(Uint8Array.from(npy.subarray(10 + npy.readUInt16LE(8))).buffer);
    expect(rows.flatMap(({ embedding }) => embedding as number[])).toEqual([...floats]);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const context = recorded((message, self) => {
      if (message.type === 'progress' && message.phase === 'embedding') self.stop();
    });
    await expect(embed(job('b.parquet', 'parquet'), context)).rejects.toThrow('Stopped');
    expect((await readdir(folder)).filter((name) => name.includes('b.parquet'))).toEqual([]);
  });
});

describe('export', () => {
  const job = (name: string, format: 'onnx' | 'safetensors') =>
    ({ kind: 'export', checkpoint, config, out: join(folder, name), format }) as const;

  it('writes the averaged encoder with every name that torchvision has', async () => {
    await exportEncoder(job('a.safetensors', 'safetensors'), recorded());
    const { tensors, metadata } = await readTensorFile(join(folder, 'a.safetensors'));
    expect(metadata).toMatchObject({ format: 'pt', method: 'simclr', imageSize: '8' });
    expect(tensors['bn1.num_batches_tracked']).toEqual({
      dtype: 'I64',
      shape: [],
      data: BigInt64Array.of(1n),
    });
    const saved = (await readTensorFile(checkpoint)).tensors;
    expect(tensors['conv1.weight'].data).toEqual(saved['ema/encoder/conv1.weight'].data);
    expect(tensors['conv1.weight'].data).not.toEqual(saved['conv1.weight'].data);
  });

  it('writes weights that a new run can start from', async () => {
    const out = join(folder, 'd.safetensors');
    await exportEncoder(job('d.safetensors', 'safetensors'), recorded());
    const context = recorded();
    await train(
      {
        kind: 'train',
        runId: 'child',
        runDirectory: join(folder, 'child'),
        cacheDirectory: data.cacheDirectory,
        config: { ...config, maxSteps: 1, init: { checkpoint: out, freezeEncoder: false } },
        continueFrom: null,
      },
      context,
    );
    const [{ message, data: told }] = context.of('event').filter(({ name }) => name === STARTING_WEIGHTS);
    // PyTorch's counters, which nothing needs, are no news.
    const { file, rows } = startingWeightsSchema.parse(told);
    expect(message).toBe(`Started from ${out}: ${rows.length} tensors loaded.`);
    expect(file).toBe(out);
    expect(rows).toContainEqual({
      name: 'conv1.weight',
      fileName: 'conv1.weight',
      fileShape: [8, 3, 3, 3],
      shape: [8, 3, 3, 3],
      what: 'loaded',
      note: null,
    });
  });

  it('writes an ONNX file that computes what embed computes, for any batch', async () => {
    const report = await exportEncoder(job('a.onnx', 'onnx'), recorded());
    expect((report as { difference: number }).difference).toBeLessThan(1e-5);
    const onnx = await readFile(join(folder, 'a.onnx'));
    for (const batch of [1, 5]) {
      const images = {
        shape: [batch, 3, 8, 8],
        dtype: 'float32' as const,
        data: new Float32Array(batch * 192).fill(0.5),
      };
      expect((await runOnnx(onnx, { images })).embedding.shape).toEqual([batch, 64]);
    }
  });

  it("writes a ViT's last normalization under timm's name, and reads it back as it was", async () => {
    for (const [pool, name] of [
      ['class', 'norm.weight'],
      ['mean', 'fc_norm.weight'],
    ] as const) {
      const backbone = { kind: 'vit', size: 'tiny', patch: 4, depth: 1, pool } as const;
      const own = tinyConfig(data.path, { backbone });
      const source = await writeRandomEncoder(join(folder, `${pool}.checkpoint`), own);
      const out = join(folder, `${pool}.safetensors`);
      await exportEncoder(
        { kind: 'export', checkpoint: source.path, config: own, out, format: 'safetensors' },
        recorded(),
      );
      const names = Object.keys((await readTensorFile(out)).tensors);
      expect(names.filter((one) => /^(fc_)?norm\.weight$/.test(one))).toEqual([name]);
      const opened = await openWeights({ kind: 'safetensors', path: out });
      expect(opened.config).toEqual(backbone);
      expect(opened.state).toEqual((await openWeights(source as WeightsSource)).state);
    }
  });

  it('keeps a former file when the checkpoint cannot be read', async () => {
    await exportEncoder(job('c.safetensors', 'safetensors'), recorded());
    const before = await readFile(join(folder, 'c.safetensors'));
    const missing = { ...job('c.safetensors', 'safetensors'), checkpoint: join(folder, 'none') };
    await expect(exportEncoder(missing, recorded())).rejects.toThrow('There is no file');
    expect(await readFile(join(folder, 'c.safetensors'))).toEqual(before);
  });
});
