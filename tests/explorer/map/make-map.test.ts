import { describe, expect, it } from 'vitest';
import { fit, makeMap, type Stage } from '../../../src/explorer/map/make-map';
import { nearestOnMap, preservation } from '../../../src/explorer/map/preservation';
import { mapRequestSchema } from '../../../src/shared/explorer/map';
import { blobs } from './blobs';

const request = (changes: object = {}) => mapRequestSchema.parse({ set: 'a', method: 'umap', ...changes });

describe('preservation', () => {
  // Five points on a line: 0 1 2 3 4.
  const x = Float32Array.of(0, 1, 2, 3, 4);
  const y = new Float32Array(5);

  it('is the share of the nearest that are still near, worked out by hand', async () => {
    const sample = {
      k: 2,
      rows: Uint32Array.of(0, 2),
      // Point 0: 1 is kept, 4 is not. Point 2: 1 and 3 are both kept.
      nearest: Uint32Array.of(1, 4, 3, 1),
    };
    expect(await preservation(sample, x, y)).toEqual({ value: 3 / 4, k: 2, points: 2 });
  });

  it('takes the lower number among equally near', () => {
    expect(nearestOnMap(x, y, 2, 1)).toEqual([1]);
    expect(nearestOnMap(x, y, 2, 3)).toEqual([1, 3, 0]);
  });
});

describe('fit', () => {
  it('puts all into the square by one measure for both axes', () => {
    const { x, y } = fit(Float32Array.of(10, 0, 30, 5, 20, 10));
    expect([...x]).toEqual([-1, 1, 0]);
    expect([...y]).toEqual([-0.5, 0, 0.5]);
  });

  it('puts equal points at the middle', () => {
    expect(fit(Float32Array.of(3, 3, 3, 3))).toEqual({ x: Float32Array.of(0, 0), y: Float32Array.of(0, 0) });
  });
});

describe('makeMap', () => {
  it('keeps groups that are apart together: clusters are pure and neighbourhoods of the map are of one group', async () => {
    const vectors = blobs(600, 24, 6);
    const { points, measures } = await makeMap(vectors, vectors.labels, request());
    expect(measures.clusters).toHaveLength(6);
    for (const { purity, count } of measures.clusters) expect([purity, count]).toEqual([1, 100]);
    expect(measures.recall).toBe(1);
    expect(measures.variance).toBeNull();
    // By chance 15 / 599.
    expect(measures.preservation.value).toBeGreaterThan(0.25);
    for (let row = 0; row < 60; row++)
      for (const other of nearestOnMap(points.x, points.y, row, 15)) expect(other % 6).toBe(row % 6);
  });

  it('is the same for the same seed', async () => {
    const vectors = blobs(150, 8, 3);
    const once = await makeMap(vectors, vectors.labels, request({ seed: 7 }));
    expect(await makeMap(vectors, vectors.labels, request({ seed: 7 }))).toEqual(once);
  });

  it('preserves a plane by PCA', async () => {
    const plane = blobs(300, 3, 30, 0.4);
    for (let i = 2; i < plane.data.length; i += 3) plane.data[i] = 0;
    const { measures } = await makeMap(plane, plane.labels, request({ method: 'pca' }));
    expect(measures.variance![0] + measures.variance![1]).toBeCloseTo(1, 5);
    expect(measures.recall).toBeNull();
  });

  it('takes as many clusters as classes unless told how many, and ten without classes', async () => {
    const vectors = blobs(100, 8, 5);
    const clusters = async (labels: readonly (string | null)[], wanted: number) => {
      const made = await makeMap(vectors, labels, request({ method: 'pca', clusters: wanted }));
      return made.measures.clusters.length;
    };
    expect(await clusters(vectors.labels, 0)).toBe(5);
    expect(await clusters(vectors.labels, 7)).toBe(7);
    expect(
      await clusters(
        vectors.labels.map(() => null),
        0,
      ),
    ).toBe(10);
  });

  it('works with three images, also where all are equal and more neighbours are asked for', async () => {
    const data = Float32Array.from([1, 0, 1, 0, 1, 0]);
    const { points, measures } = await makeMap({ data, size: 2 }, [null, null, null], request());
    expect([...points.x, ...points.y].every(Number.isFinite)).toBe(true);
    expect(measures.clusters).toEqual([{ name: 'Cluster 1', label: null, purity: null, count: 3 }]);
  });

  it('says that two images make no map', async () => {
    const vectors = { data: Float32Array.of(1, 0, 0, 1), size: 2 };
    await expect(makeMap(vectors, [null, null], request())).rejects.toThrow(
      /at least 3 images, and this set has 2/,
    );
  });

  it('tells its stages in order and can be ended in each', async () => {
    const vectors = blobs(120, 8, 3);
    const stages: Stage[] = [];
    await makeMap(vectors, vectors.labels, request(), (stage) => void stages.push(stage));
    const order = [
      'Finding directions',
      'Measuring',
      'Finding neighbours',
      'Placing points',
      'Clustering',
    ] as const;
    expect([...new Set(stages)]).toEqual(order);
    for (const ending of order) {
      const stop = new Error(ending);
      const tell = (stage: Stage) => {
        if (stage === ending) throw stop;
      };
      await expect(makeMap(vectors, vectors.labels, request(), tell)).rejects.toBe(stop);
    }
  });
});
