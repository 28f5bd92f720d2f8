import { describe, expect, it } from 'vitest';
import { exactNearest, nearestRows } from '../../../src/explorer/map/nearest';
import { countOf, type Rows } from '../../../src/explorer/products';
import { blobs } from './blobs';

/** All pairs, in double precision. */
function byHand({ data, size }: Rows, row: number, k: number) {
  const distance = (other: number) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += (data[row * size + i] - data[other * size + i]) ** 2;
    return Math.sqrt(sum);
  };
  return Array.from({ length: data.length / size }, (_, other) => ({ other, distance: distance(other) }))
    .filter(({ other }) => other !== row)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, k);
}

describe('exactNearest', () => {
  it('finds the rows at the least Euclidean distance, nearest first, never the row itself', async () => {
    const vectors = blobs(200, 12, 4, 0.3);
    const asked = Uint32Array.of(3, 77, 199);
    const found = await exactNearest(vectors, asked, 6);
    for (const [i, row] of asked.entries()) {
      const wanted = byHand(vectors, row, 6);
      expect([...found.rows.subarray(i * 6, i * 6 + 6)]).toEqual(wanted.map(({ other }) => other));
      wanted.forEach(({ distance }, j) => expect(found.distances[i * 6 + j]).toBeCloseTo(distance, 3));
    }
  });

  it('leaves out the row itself among many equals, and one of them where it is not found', async () => {
    const vectors = { data: Float32Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1 : 0)), size: 2 };
    const found = await exactNearest(
      vectors,
      Uint32Array.from({ length: 10 }, (_, row) => row),
      3,
    );
    for (let row = 0; row < 10; row++) {
      const own = [...found.rows.subarray(row * 3, row * 3 + 3)];
      expect(new Set(own).size).toBe(3);
      expect(own).not.toContain(row);
      expect([...found.distances.subarray(row * 3, row * 3 + 3)]).toEqual([0, 0, 0]);
    }
  });
});

describe('nearestRows', () => {
  it('finds nearly all by the graph, and the same at each time', async () => {
    const vectors = blobs(1500, 16, 5, 0.4);
    const exact = await nearestRows(vectors, 10);
    const graph = await nearestRows(vectors, 10, undefined, 0);
    const again = await nearestRows(vectors, 10, undefined, 0);
    expect([exact.isExact, graph.isExact]).toEqual([true, false]);
    expect(again.rows).toEqual(graph.rows);
    let found = 0;
    for (let row = 0; row < countOf(vectors); row++) {
      const own = new Set(graph.rows.subarray(row * 10, row * 10 + 10));
      expect(own.has(row)).toBe(false);
      for (const other of exact.rows.subarray(row * 10, row * 10 + 10)) if (own.has(other)) found++;
    }
    expect(found / exact.rows.length).toBeGreaterThan(0.98);
  });

  it('ends where it is told to', async () => {
    const stop = new Error('stopped');
    const tell = (done: number) => {
      if (done >= 1000) throw stop;
    };
    await expect(nearestRows(blobs(1500, 8, 3), 5, tell, 0)).rejects.toBe(stop);
  });
});
