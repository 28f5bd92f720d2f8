/** A person trains on a folder, stops, goes on, and takes the encoder along. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder, tinyConfig, writeImages } from '../runner/fixtures';
import { lineOf, selvedge, writeConfig } from './support';

it('trains, is stopped by Ctrl-C, is resumed to the end, and exports, embeds and evaluates', async () => {
  const folder = await temporaryFolder();
  const images = await writeImages(join(folder, 'images'), 16);
  const library = join(folder, 'library');
  const config = await writeConfig(
    folder,
    tinyConfig(images, { epochs: 200, knn: { everyEpochs: 0, k: 5 } }),
  );

  let interrupted = false;
  const first = await selvedge(library, ['train', config, '--name', 'mine'], (line, process) => {
    const points = line.points as { name: string }[] | undefined;
    if (interrupted || !points?.some(({ name }) => name === 'loss')) return;
    interrupted = true;
    process.kill('SIGINT');
  });
  expect(first.code, first.stderr).toBe(0);
  expect(lineOf(first, 'end')).toMatchObject({ status: 'stopped' });
  const stoppedAt = lineOf(first, 'end')!.step as number;
  expect(stoppedAt).toBeGreaterThan(0);
  expect(stoppedAt).toBeLessThan(600);
  expect(lineOf(first, 'checkpoint')).toMatchObject({ step: stoppedAt, kind: 'periodic' });

  const second = await selvedge(library, ['resume', 'mine']);
  expect(second.code, second.stderr).toBe(0);
  expect(lineOf(second, 'end')).toMatchObject({ status: 'done', step: 600, epoch: 200 });
  const steps = second.lines
    .filter(({ type }) => type === 'metrics')
    .flatMap(({ points }) => points as { name: string; step: number }[])
    .filter(({ name }) => name === 'loss')
    .map(({ step }) => step);
  expect(steps[0]).toBe(stoppedAt + 1);
  expect(steps).toHaveLength(600 - stoppedAt);

  const onnx = join(folder, 'encoder.onnx');
  expect(await selvedge(library, ['export', 'mine', '--format', 'onnx', '--out', onnx])).toMatchObject({
    code: 0,
  });
  expect((await readFile(onnx)).length).toBeGreaterThan(10_000);
  const weights = join(folder, 'encoder.safetensors');
  expect(
    await selvedge(library, ['export', 'mine', '--format', 'safetensors', '--out', weights]),
  ).toMatchObject({ code: 0 });
  const table = join(folder, 'embeddings.parquet');
  expect(await selvedge(library, ['embed', 'mine', '--data', images, '--out', table])).toMatchObject({
    code: 0,
  });
  expect((await readFile(table)).subarray(0, 4).toString()).toBe('PAR1');
  const knn = await selvedge(library, ['eval', 'knn', 'mine', '--data', images]);
  expect(knn.code, knn.stderr).toBe(0);
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('shows where the time of a step goes, and trains nothing', async () => {
  const folder = await temporaryFolder();
  const images = await writeImages(join(folder, 'images'), 16);
  const library = join(folder, 'library');
  const config = await writeConfig(folder, tinyConfig(images));
  const { code, lines, stderr } = await selvedge(library, ['train', config, '--profile']);
  expect(code, stderr).toBe(0);
  const { profile, step } = lines.find(({ type }) => type === 'profile') as { profile: string; step: string };
  expect(profile).toMatch(/a step over 5 steps/);
  expect(profile).toMatch(/^layer /m);
  expect(step).toMatch(/= Conv2D\(x: %\d+, filter: %\d+\)/);
  expect((await selvedge(library, ['runs', 'list'])).lines.filter(({ type }) => type === 'run')).toEqual([]);
});
