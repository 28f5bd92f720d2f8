/** Sequences for frame order where there are images only: each image turns a quarter from frame to frame. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { openDataset } from '../src/data';

const QUARTERS = 4;
const SIDE = 32;

/**
 * Writes images of the training part, evenly chosen, as folders of four frames into `folder`, unless that is there.
 * @param data folder or archive. @param count sequences to make. @param cacheDirectory of decoded images.
 */
export async function writeTurnedSequences(
  data: string,
  count: number,
  folder: string,
  cacheDirectory: string,
): Promise<void> {
  if (existsSync(folder)) return;
  const half = `${folder}.half`;
  await rm(half, { recursive: true, force: true });
  const dataset = await openDataset(data, {
    imageSize: SIDE,
    cacheDirectory,
    resourcesDirectory: 'resources',
    worker: pathToFileURL(resolve('src/data/decode-worker.ts')),
  });
  const step = dataset.train.length / count;
  for (let i = 0; i < count; i++) {
    const sequence = join(half, String(i).padStart(5, '0'));
    await mkdir(sequence, { recursive: true });
    const pixels = dataset.read(Uint32Array.of(dataset.train[Math.floor(i * step)]));
    const image = sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } });
    for (let turn = 0; turn < QUARTERS; turn++)
      await image
        .clone()
        .rotate(90 * turn)
        .png()
        .toFile(join(sequence, `${turn}.png`));
  }
  dataset.close();
  await rename(half, folder);
}
