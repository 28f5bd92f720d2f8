/** The job that makes a map: src/runner/jobs/map-set.ts */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mapSet } from '../../src/runner/jobs/map-set';
import { decodePoints, mapInfoSchema, mapRequestSchema, pointsFile } from '../../src/shared/explorer/map';
import { blobs } from '../explorer/map/blobs';
import { recorded, temporaryFolder } from './fixtures';

const SIZE = 12;

/** A set on disk whose images are of three classes; every fourth has no label. */
async function setFolder(count: number): Promise<string> {
  const folder = await temporaryFolder();
  const { data, labels } = blobs(count, SIZE, 3);
  const manifest = {
    version: 1,
    id: 'a',
    recipe: {
      encoder: { kind: 'pixels', side: 4 },
      dataset: 'sample',
      feature: 'embedding',
      whitening: null,
      precision: 'float32',
    },
    space: 's',
    size: SIZE,
    imageSize: 8,
    dataPath: 'sample',
    createdAt: 1,
  };
  const line = (row: number) =>
    JSON.stringify({
      name: `${row}.png`,
      label: row % 4 === 3 ? null : labels[row],
      split: 'train',
      stamp: 'x',
    });
  await writeFile(join(folder, 'set.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'vectors.f32'), new Uint8Array(data.buffer));
  await writeFile(join(folder, 'images.jsonl'), labels.map((_, row) => `${line(row)}\n`).join(''));
  return folder;
}

const job = (folder: string, changes: object = {}) => ({
  kind: 'map-set' as const,
  folder,
  request: mapRequestSchema.parse({ set: 'a', method: 'umap', ...changes }),
});

async function points(folder: string, info: unknown) {
  const bytes = await readFile(join(folder, pointsFile(mapInfoSchema.parse(info))));
  return decodePoints(new Uint8Array(bytes).buffer);
}

describe('map-set', () => {
  it('writes the map beside the vectors, with what it measured', async () => {
    const folder = await setFolder(90);
    const context = recorded();
    const info = mapInfoSchema.parse(await mapSet(job(folder), context));
    expect(JSON.parse(await readFile(join(folder, 'map-umap.json'), 'utf8'))).toEqual(info);
    expect(info).toMatchObject({ count: 90, preservation: { k: 15, points: 90 }, recall: 1, variance: null });
    expect(info.clusters.map(({ label, purity, count }) => [label, purity, count])).toEqual(
      expect.arrayContaining([0, 1, 2].map((group) => [`group ${group}`, 1, 30])) as unknown,
    );
    const { x, y, cluster } = await points(folder, info);
    expect(Math.max(...x, ...y)).toBeLessThanOrEqual(1);
    expect(Math.min(...x, ...y)).toBeGreaterThanOrEqual(-1);
    for (let row = 3; row < 90; row++) expect(cluster[row]).toBe(cluster[row % 3]);
    const doing = new Set(context.of('work').map(({ doing }) => doing));
    expect(doing).toContain('Placing points');
    for (const { rate, unit } of context.of('work')) if (rate !== null) expect(unit).toBe('epochs');
  });

  it('puts a new map in the place of the old one, and leaves that of the other method', async () => {
    const folder = await setFolder(60);
    const pca = await mapSet(job(folder, { method: 'pca' }), recorded());
    const first = await mapSet(job(folder, { seed: 1 }), recorded());
    const again = await mapSet(job(folder, { seed: 1 }), recorded());
    expect(await points(folder, again)).toEqual(await points(folder, again));
    await expect(points(folder, first)).rejects.toThrow(/ENOENT/);
    expect((await points(folder, pca)).x).toHaveLength(60);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('leaves the old map as it was where it is stopped', async () => {
    const folder = await setFolder(60);
    const old = await mapSet(job(folder), recorded());
    const context = recorded((message, stopped) => {
      if (message.type === 'work' && message.doing === 'Placing points') stopped.stop();
    });
    await expect(mapSet(job(folder, { seed: 9 }), context)).rejects.toThrow('Stopped');
    expect(JSON.parse(await readFile(join(folder, 'map-umap.json'), 'utf8'))).toEqual(old);
    expect((await points(folder, old)).x).toHaveLength(60);
  });

  it('says where there is no set, and where there are too few images', async () => {
    const folder = await temporaryFolder();
    await expect(mapSet(job(folder), recorded())).rejects.toThrow(/no embedding set/);
    await expect(mapSet(job(await setFolder(2)), recorded())).rejects.toThrow(/at least 3 images/);
  });
});
