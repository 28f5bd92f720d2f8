import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { train } from '../../src/runner/jobs/train';
import { parsePictureName, pictureName } from '../../src/shared/picture-names';
import type { RunConfigInput } from '../../src/shared/run-config';
import { recorded, temporaryFolder, tinyConfig, writeImages } from './fixtures';

async function run(changes: Partial<RunConfigInput>) {
  const folder = await temporaryFolder();
  const images = await writeImages(join(folder, 'images'), 8);
  const context = recorded();
  const config = tinyConfig(images, { epochs: 2, ...changes });
  const runDirectory = join(folder, 'run');
  const job = { runId: 'run', runDirectory, cacheDirectory: join(folder, 'cache'), continueFrom: null };
  await train({ kind: 'train', config, ...job }, context);
  return { context, folder: join(runDirectory, 'pictures') };
}

describe('pictures of a run', () => {
  it('are made at each evaluation, of the same images side by side', async () => {
    const { context, folder } = await run({
      method: 'vqvae',
      options: { codes: 8, dimension: 4 },
      backbone: { kind: 'tokenizer', hidden: 8, residualHidden: 4 },
    });
    expect(context.of('pictures').map(({ step }) => step)).toEqual([0, 1, 2]);
    expect((await readdir(folder)).sort()).toEqual(
      [0, 1, 2].flatMap((step) => [pictureName(step, 0, 'original'), pictureName(step, 1, 'reconstruction')]),
    );
    const original = (step: number) => readFile(join(folder, pictureName(step, 0, 'original')));
    expect(await sharp(await original(0)).metadata()).toMatchObject({
      width: 8 * 8,
      height: 8,
      format: 'png',
    });
    expect((await original(2)).equals(await original(0))).toBe(true);
    const painted = (step: number) => readFile(join(folder, pictureName(step, 1, 'reconstruction')));
    expect((await painted(2)).equals(await painted(0))).toBe(false);
  });

  it('are not made by a method that shows nothing but its views', async () => {
    const { context, folder } = await run({});
    expect(context.of('pictures')).toEqual([]);
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });
});

describe('the name of a picture', () => {
  it('says step, place and caption, whatever the caption is', () => {
    expect(pictureName(123, 0, 'What it sees')).toBe('step-000123-0-what-it-sees.png');
    expect(parsePictureName('step-000123-0-what-it-sees.png')).toEqual({
      step: 123,
      place: 0,
      caption: 'what it sees',
    });
    expect(parsePictureName(pictureName(1, 2, '../x'))).toMatchObject({ step: 1, place: 2 });
    for (const other of ['step-1-0-x.png', '.step-000001-0-x.png.1a2b3c4d.tmp', 'x.png'])
      expect(parsePictureName(other)).toBeNull();
  });
});
