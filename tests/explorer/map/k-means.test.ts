import { describe, expect, it } from 'vitest';
import { kMeans } from '../../../src/explorer/map/k-means';
import { nameClusters } from '../../../src/explorer/map/name-clusters';
import { blobs } from './blobs';

describe('kMeans', () => {
  it('finds groups that are apart, the same at each time', async () => {
    const vectors = blobs(600, 16, 6);
    const clusters = await kMeans(vectors, 6, 0);
    expect(await kMeans(vectors, 6, 0)).toEqual(clusters);
    expect(new Set(clusters).size).toBe(6);
    for (let row = 6; row < 600; row++) expect(clusters[row]).toBe(clusters[row % 6]);
  });

  it('numbers the largest cluster 0', async () => {
    const data = Float32Array.from(
      [...Array<number[]>(3).fill([0, 1]), ...Array<number[]>(7).fill([1, 0])].flat(),
    );
    const clusters = await kMeans({ data, size: 2 }, 2, 0);
    expect([...clusters]).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('gives back no more clusters than there are different rows', async () => {
    const data = Float32Array.from({ length: 40 }, (_, i) => (Math.floor(i / 2) % 2 === i % 2 ? 1 : 0));
    const clusters = await kMeans({ data, size: 2 }, 9, 0);
    expect(new Set(clusters)).toEqual(new Set([0, 1]));
  });

  it('ends where it is told to', async () => {
    const stop = new Error('stopped');
    const tell = () => {
      throw stop;
    };
    await expect(kMeans(blobs(100, 8, 3), 3, 0, tell)).rejects.toBe(stop);
  });
});

describe('nameClusters', () => {
  it('names by the majority of the labelled rows and says its share', () => {
    const clusters = [0, 0, 0, 0, 1, 1, 2, 2];
    const labels = ['cat', 'cat', 'dog', null, 'dog', 'dog', null, null];
    expect(nameClusters(clusters, labels)).toEqual([
      { name: 'cat', label: 'cat', purity: 2 / 3, count: 4 },
      { name: 'dog', label: 'dog', purity: 1, count: 2 },
      { name: 'Cluster 3', label: null, purity: null, count: 2 },
    ]);
  });

  it('tells clusters of the same majority apart', () => {
    const names = nameClusters([0, 1, 2], ['cat', 'cat', 'cat']).map(({ name }) => name);
    expect(names).toEqual(['cat', 'cat 2', 'cat 3']);
  });

  it('takes the first by name among equally many', () => {
    expect(nameClusters([0, 0], ['dog', 'cat'])[0]).toMatchObject({ label: 'cat', purity: 0.5 });
  });
});
