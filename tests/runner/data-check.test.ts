import { stat, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { dataCheck } from '../../src/runner/jobs/data-check';
import { datasetReportSchema } from '../../src/shared/api/datasets';
import { recorded, temporaryFolder } from './fixtures';

it('reports what is in a folder: classes, splits, sizes, bytes, and what cannot be read', async () => {
  const folder = await temporaryFolder();
  const sizes = {
    'train/cat/1': [10, 40],
    'train/cat/2': [20, 30],
    'train/dog/1': [30, 20],
    'test/cat/1': [90, 9],
  };
  let bytes = 0;
  for (const [name, [width, height]] of Object.entries(sizes)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    const file = join(folder, `${name}.png`);
    await sharp({ create: { width, height, channels: 3, background: '#123456' } }).toFile(file);
    bytes += (await stat(file)).size;
  }
  await writeFile(join(folder, 'train', 'dog', '2.jpg'), 'no image');

  const context = recorded();
  const data = { path: folder, imageSize: 8, cacheDirectory: join(folder, '.cache') };
  const answer = await dataCheck({ kind: 'data-check', data }, context);
  expect(datasetReportSchema.parse(answer)).toEqual({
    images: 4,
    classes: [
      { name: 'cat', count: 3 },
      { name: 'dog', count: 1 },
    ],
    splits: [
      { name: 'training', count: 3 },
      { name: 'evaluation', count: 1 },
    ],
    size: { minWidth: 10, maxWidth: 90, medianWidth: 20, minHeight: 9, maxHeight: 40, medianHeight: 20 },
    bytes,
    skipped: [{ path: 'train/dog/2.jpg', reason: expect.stringContaining('not an image') as unknown }],
    notes: [],
  });
  expect(answer).toMatchObject({ kind: 'folder', formats: { png: 4 }, unlabelled: 0 });
  expect(context.of('progress').at(-1)).toMatchObject({ phase: 'decoding', done: 5, total: 5 });
});
