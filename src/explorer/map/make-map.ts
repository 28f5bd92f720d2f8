/** The whole way from vectors to a map: neighbours, layout, clusters, and how far the map can be trusted. */
import { UserError } from '../../shared/errors';
import type { MapInfo, MapPoints, MapRequest } from '../../shared/explorer/map';
import { fuzzySet } from './fuzzy-set';
import { kMeans } from './k-means';
import { nameClusters } from './name-clusters';
import { exactNearest, nearestRows, type Nearest } from './nearest';
import { pca } from './pca';
import { preservation, sampleNeighbours, shared, type Sample } from './preservation';
import { umapLayout } from './umap';
import { countOf, type Rows } from '../products';

/** What is being done, as a short sentence. */
export type Stage =
  'Finding directions' | 'Finding neighbours' | 'Placing points' | 'Clustering' | 'Measuring';
/** May throw to end the work. */
export type OnStage = (stage: Stage, done: number, total: number) => void | Promise<void>;

export type MapMeasures = Pick<MapInfo, 'preservation' | 'recall' | 'clusters' | 'variance'>;
export interface MadeMap {
  readonly points: MapPoints;
  readonly measures: MapMeasures;
}

/** Where neither the user nor the classes say how many. */
const USUAL_CLUSTERS = 10;

/**
 * @param vectors [count, size], of unit length.
 * @param labels class names by row, null for unlabelled.
 */
export async function makeMap(
  vectors: Rows,
  labels: readonly (string | null)[],
  request: MapRequest,
  onStage: OnStage = () => undefined,
): Promise<MadeMap> {
  const count = countOf(vectors);
  if (count < 3)
    throw new UserError(
      `A map needs at least 3 images, and this set has ${count}.`,
      'Embed a folder with more images.',
      'usage',
    );
  const at = (stage: Stage) => (done: number, total: number) => onStage(stage, done, total);
  const flat = await pca(vectors, request.seed, at('Finding directions'));
  const sample = await sampleNeighbours(vectors, request.seed, at('Measuring'));
  let layout = flat.points;
  let recall: number | null = null;
  if (request.method === 'umap') {
    // The number counts the point itself, as in the authors' implementation.
    const k = Math.max(1, Math.min(request.neighbours, count) - 1);
    const nearest = await nearestRows(vectors, k, at('Finding neighbours'));
    recall = nearest.isExact ? 1 : await measureRecall(nearest, sample, vectors);
    layout = await umapLayout(fuzzySet(nearest), flat.points, request, at('Placing points'));
  }
  const { x, y } = fit(layout);
  const wanted = request.clusters || new Set(labels.filter((label) => label !== null)).size || USUAL_CLUSTERS;
  const cluster = await kMeans(vectors, Math.min(wanted, count), request.seed, at('Clustering'));
  return {
    points: { x, y, cluster },
    measures: {
      preservation: await preservation(sample, x, y, at('Measuring')),
      recall,
      clusters: nameClusters(cluster, labels),
      variance: request.method === 'pca' ? flat.variance : null,
    },
  };
}

/** Share of the true neighbours of a sample that the layout was made from. */
async function measureRecall(nearest: Nearest, sample: Sample, vectors: Rows): Promise<number> {
  const { k } = nearest;
  const truth =
    k <= sample.k ? sample : { ...sample, nearest: (await exactNearest(vectors, sample.rows, k)).rows, k };
  let found = 0;
  sample.rows.forEach((row, i) => {
    const own = truth.nearest.subarray(i * truth.k, i * truth.k + k);
    found += shared(own, nearest.rows.subarray(row * k, (row + 1) * k));
  });
  return found / (sample.rows.length * k);
}

/** [count, 2] into the square [-1, 1], both axes by the same measure. */
export function fit(layout: Float32Array): { x: Float32Array; y: Float32Array } {
  const x = layout.filter((_, i) => i % 2 === 0);
  const y = layout.filter((_, i) => i % 2 === 1);
  const [left, right] = extent(x);
  const [bottom, top] = extent(y);
  const half = Math.max(right - left, top - bottom) / 2 || 1;
  return {
    x: x.map((value) => (value - (left + right) / 2) / half),
    y: y.map((value) => (value - (bottom + top) / 2) / half),
  };
}

function extent(values: Float32Array): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
