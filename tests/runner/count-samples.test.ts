import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { resolveConfig } from '../../src/learning';
import { countSamplesOf } from '../../src/runner/jobs/count-samples';
import { recorded, temporaryFolder } from './fixtures';

it('counts the samples of runs by listing their images, and says of each what does not suit', async () => {
  const folder = await temporaryFolder();
  for (const name of ['cat/1', 'cat/2', 'dog/1', 'dog/2', 'dog/3']) {
    await mkdir(join(folder, 'pets', name, '..'), { recursive: true });
    await sharp({ create: { width: 9, height: 9, channels: 3, background: '#123456' } }).toFile(
      join(folder, 'pets', `${name}.png`),
    );
  }
  const config = (preset: string, settings: Record<string, unknown>) =>
    resolveConfig({
      preset,
      overrides: Object.entries({
        'data.path': join(folder, 'pets'),
        'data.heldOut': 0,
        batchSize: 2,
        ...settings,
      }).map(([path, value]) => [path, JSON.stringify(value)]),
    }).config;
  const configs = [
    config('quick', {}),
    config('finetune', { 'data.labelsPerClass': 1 }),
    config('finetune', { batchSize: 64 }),
    config('quick', { 'data.subset': 3, 'data.subsetFrom': 3 }),
    config('quick', { 'data.path': join(folder, 'gone') }),
  ];
  const job = { kind: 'count-samples', cacheDirectory: join(folder, 'cache'), configs } as const;
  expect(await countSamplesOf(job, recorded())).toEqual([
    { samples: 5 },
    { samples: 2 },
    {
      message: expect.stringContaining('5 training images do not fill one batch of 64'),
      hint: expect.any(String),
    },
    { message: expect.stringContaining('3'), hint: expect.any(String) },
    { message: expect.stringContaining('There is no folder or file'), hint: expect.any(String) },
  ]);
});
