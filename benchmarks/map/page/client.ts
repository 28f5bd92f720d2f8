/** Stands in for src/renderer/lib/host/client.ts: the one question that the Map tab asks. */
import type { MapInfo } from '../../../src/shared/explorer/map';

export { problemOf, type Problem } from '../../../src/renderer/lib/host/problem';

const query = new URLSearchParams(location.search);

export const INFO: MapInfo = {
  request: { set: 'bench', method: 'umap', seed: 0, neighbours: 15, minDistance: 0.1, clusters: 12 },
  count: Number(query.get('points') ?? 50_000),
  madeAt: 1,
  seconds: 60,
  preservation: { value: 0.25, k: 15, points: 1000 },
  recall: 0.998,
  clusters: Array.from({ length: 12 }, (_, cluster) => ({
    name: `class ${cluster}`,
    label: `class ${cluster}`,
    purity: 0.9,
    count: 0,
  })),
  variance: null,
};

export const host = {
  explorer: {
    maps: {
      info: () => Promise.resolve(query.get('map') === 'none' ? null : INFO),
      make: () => Promise.reject(new Error('This page makes no maps.')),
    },
  },
};
