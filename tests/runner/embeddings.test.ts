import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { namesJson, namesPath, npyChunks } from '../../src/runner/embeddings/npy';
import { parquetChunks } from '../../src/runner/embeddings/parquet';
import type { EmbeddedBatch } from '../../src/runner/embeddings/rows';

const source = { run: 'r1', step: 3, method: 'simclr', imageSize: 8 };
const value = (row: number, column: number) => Math.fround(row / 7 + column);

/** `rows` images in batches of `size`, every third unlabelled. */
async function* batches(rows: number, size: number, d: number): AsyncGenerator<EmbeddedBatch> {
  for (let start = 0; start < rows; start += size) {
    await Promise.resolve();
    const n = Math.min(size, rows - start);
    yield {
      images: Array.from({ length: n }, (_, i) => ({
        name: `a/${start + i}é.png`,
        label: (start + i) % 3 ? 'cat' : null,
        class: (start + i) % 3 ? 1 : null,
        split: 'train' as const,
      })),
      embeddings: Float32Array.from({ length: n * d }, (_, i) => value(start + Math.floor(i / d), i % d)),
    };
  }
}
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
const collect = async (chunks: AsyncIterable<Uint8Array>) => Buffer.concat(await all(chunks));

describe('parquetChunks', () => {
  it('gives back every row over several row groups, and where they come from', async () => {
    const bytes = await collect(parquetChunks(source, batches(9000, 500, 3)));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(9000);
    for (const i of [0, 1, 4999, 8999])
      expect(rows[i]).toEqual({
        name: `a/${i}é.png`,
        label: i % 3 ? 'cat' : null,
        class: i % 3 ? 1 : null,
        split: 'train',
        embedding: [value(i, 0), value(i, 1), value(i, 2)],
      });
    const metadata = parquetMetadata(file);
    expect(metadata.row_groups.length).toBeGreaterThan(1);
    expect(metadata.key_value_metadata).toContainEqual({ key: 'run', value: 'r1' });
  });

  it('writes a file without rows', async () => {
    const bytes = await collect(parquetChunks(source, batches(0, 1, 3)));
    expect(
      parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)).num_rows,
    ).toBe(0n);
  });
});

describe('npyChunks', () => {
  it('has a header of whole 64 bytes and then the rows', async () => {
    const bytes = await collect(npyChunks(5, 2, batches(5, 2, 2)));
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
    const start = 10 + bytes.readUInt16LE(8);
    expect(start % 64).toBe(0);
    expect(bytes.subarray(10, start).toString('latin1')).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(5, 2\), \} *\n$/,
    );
    const floats = new Float32Array(
      bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length),
    );
    expect([...floats]).toEqual([0, 1, 2, 3, 4].flatMap((row) => [value(row, 0), value(row, 1)]));
  });

  it('names its rows in a file beside it', async () => {
    expect(namesPath('/a/b.npy')).toBe('/a/b.json');
    const [{ images }] = await all(batches(2, 2, 1));
    expect(JSON.parse(Buffer.from(namesJson(source, images)).toString())).toMatchObject({
      run: 'r1',
      names: ['a/0é.png', 'a/1é.png'],
      labels: [null, 'cat'],
      classes: [null, 1],
    });
  });
});
