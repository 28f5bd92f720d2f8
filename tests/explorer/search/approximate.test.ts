import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ApproximateIndex } from '../../../src/explorer/search/approximate';
import { buildIndex } from '../../../src/explorer/search/build-index';
import { searchExact } from '../../../src/explorer/search/exact';
import { beginWalk, indexFile, indexState, publishIndex } from '../../../src/explorer/search/index-file';
import { readManifest } from '../../../src/explorer/set-files';
import { unitRows } from './vectors';

const SIZE = 16;
const COUNT = 3000;

/** A set of random directions in a folder of its own. */
async function written(precision: 'float32' | 'float16' = 'float32') {
  const folder = await mkdtemp(join(tmpdir(), 'selvedge-index-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const vectors = unitRows(COUNT, SIZE, 1);
  const stored = precision === 'float16' ? new Float16Array(vectors) : vectors;
  await writeFile(
    join(folder, precision === 'float16' ? 'vectors.f16' : 'vectors.f32'),
    new Uint8Array(stored.buffer),
  );
  const recipe = {
    encoder: { kind: 'pixels', side: 4 },
    dataset: 'data',
    feature: 'embedding',
    whitening: null,
    precision,
  };
  const manifest = {
    version: 1,
    id: 'set',
    recipe,
    space: 'here',
    size: SIZE,
    imageSize: 8,
    dataPath: 'x',
    createdAt: 0,
  };
  await writeFile(join(folder, 'set.json'), JSON.stringify(manifest));
  const image = (_: unknown, row: number) =>
    `${JSON.stringify({ name: `${row}.png`, label: null, split: 'train', stamp: '1' })}\n`;
  await writeFile(join(folder, 'images.jsonl'), Array.from({ length: COUNT }, image).join(''));
  return { folder, vectors: Float32Array.from(stored) };
}

const build = (folder: string) => buildIndex(folder, { threads: 1, onProgress: () => Promise.resolve() });
const stateOf = (folder: string, count = COUNT) => indexState(folder, readManifest(folder), count);

describe('an approximate index', () => {
  it.each(['float32', 'float16'] as const)(
    'of %s vectors finds what exact search finds, nearly',
    async (precision) => {
      const { folder, vectors } = await written(precision);
      const facts = await build(folder);
      expect(facts.recallAt10).toBeGreaterThan(0.97);
      expect(facts).toMatchObject({ queries: 100, bytes: expect.any(Number) as number });
      expect(stateOf(folder)).toMatchObject({ kind: 'ready', facts: { count: COUNT } });

      const index = ApproximateIndex.open(indexFile(folder), { size: SIZE, count: COUNT });
      const query = unitRows(1, SIZE, 2);
      const row = (at: number) => vectors.slice(at * SIZE, (at + 1) * SIZE);
      const found = index.search(query, 10, 0, row);
      const exact = searchExact([{ vectors, size: SIZE, allowed: null }], query, 10);
      expect(
        found.filter((hit) => exact.some((other) => other.row === hit.row)).length,
      ).toBeGreaterThanOrEqual(9);
      // Scores are of the true vectors, to the last bit.
      expect(found[0]).toEqual(exact[0]);

      const read = new Set<number>();
      index.warm((at) => (read.add(at), row(at)));
      // From a hundred places, and what was found from each.
      expect(read.size).toBeGreaterThan(1000);
      expect(Math.max(...read)).toBeLessThan(COUNT);
    },
  );

  it('is none before it is built, and none half built', async () => {
    const { folder } = await written();
    expect(stateOf(folder)).toEqual({ kind: 'none' });
    const stop = () => Promise.reject(new Error('stopped'));
    await expect(buildIndex(folder, { threads: 1, onProgress: stop })).rejects.toThrow('stopped');
    expect(readdirSync(folder).sort()).toEqual(['images.jsonl', 'set.json', 'vectors.f32']);
    expect(existsSync(indexFile(folder))).toBe(false);
  });

  it('is not used where the set has other vectors now', async () => {
    const { folder } = await written();
    await build(folder);
    const other = { kind: 'unusable', why: 'is of other vectors than the set has now' };
    expect(stateOf(folder, COUNT + 1)).toEqual(other);
    const file = join(folder, 'vectors.f32');
    await appendFile(file, new Uint8Array(SIZE * 4));
    expect(stateOf(folder)).toEqual(other);
    await truncate(file, COUNT * SIZE * 4);
    expect(stateOf(folder).kind).toBe('ready');
    const bytes = await readFile(file);
    bytes.reverse();
    await writeFile(file, bytes);
    expect(stateOf(folder)).toEqual(other);
  });

  it('is not used where it is damaged', async () => {
    const { folder } = await written();
    await build(folder);
    const file = indexFile(folder);
    const whole = await readFile(file);
    const damaged = { kind: 'unusable', why: 'is damaged' };
    await truncate(file, whole.length - 1);
    expect(stateOf(folder)).toEqual(damaged);
    await writeFile(file, Buffer.from(whole).fill(0, 1000, 5000));
    expect(stateOf(folder)).toEqual(damaged);
    await writeFile(file, whole);
    expect(stateOf(folder).kind).toBe('ready');
    await writeFile(join(folder, 'index.json'), '{"version": 1');
    expect(stateOf(folder)).toEqual({ kind: 'unusable', why: 'cannot be read' });
  });

  it('is of whole rows alone where vectors were written and their lines were not', async () => {
    const { folder } = await written();
    await appendFile(join(folder, 'vectors.f32'), Buffer.alloc(5 * SIZE * 4, 1));
    await build(folder);
    expect(stateOf(folder)).toMatchObject({ kind: 'ready', facts: { count: COUNT } });
  });

  it('is refused where it is of another version of usearch, or of other vectors', async () => {
    const { folder } = await written();
    await build(folder);
    const file = indexFile(folder);
    const open = (size: number, count: number) => () => ApproximateIndex.open(file, { size, count });
    expect(open(2 * SIZE, COUNT)).toThrow('It has 3000 vectors of 16 numbers; expected 3000 of 32');
    expect(open(SIZE, COUNT + 1)).toThrow('expected 3001 of 16');
    const bytes = await readFile(file);
    const version = bytes.indexOf('usearch') + 'usearch'.length;
    await writeFile(file, bytes.fill(99, version, version + 1));
    expect(open(SIZE, COUNT)).toThrow('please rebuild');
  });

  it('is read whole where a process ended while it looked into it', async () => {
    const { folder } = await written();
    const file = indexFile(folder);
    const bytes = Buffer.alloc(16 * 2 ** 20);
    await writeFile(`${file}.tmp`, bytes);
    const facts = { count: COUNT, recallAt10: 1, queries: 1, buildSeconds: 1, bytes: bytes.length };
    publishIndex(folder, readManifest(folder), `${file}.tmp`, facts);
    beginWalk(folder);
    expect(stateOf(folder).kind).toBe('ready');
    // Between two of the blocks that are looked at each time.
    await writeFile(file, bytes.fill(1, 100_000, 100_001));
    expect(stateOf(folder).kind).toBe('ready');
    beginWalk(folder);
    expect(stateOf(folder)).toEqual({ kind: 'unusable', why: 'is damaged' });
    expect(stateOf(folder)).toEqual({ kind: 'unusable', why: 'is damaged' });
  });
});
