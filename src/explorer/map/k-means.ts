/** k-means in the original space: k-means++ to begin (Arthur & Vassilvitskii 2007), then Lloyd's rounds. */
import { exactSearch, MetricKind } from 'usearch';
import { permutation, random, type Random } from '../../shared/random';
import { countOf, type Rows } from '../products';
import { inParts, type OnPart } from './in-parts';

const MAX_ROUNDS = 50;
/** Ends where fewer than this share of the rows change their cluster. */
const SETTLED = 0.001;
/** Rows that centres are drawn from at the beginning. */
const SAMPLE = 3000;
const SAMPLE_PER_CENTER = 20;
/** Numbers compared with all centres between two calls of `onPart`: a fraction of a second. */
const PART_PRODUCTS = 2e8;

/**
 * @param k at least 1. Fewer clusters come back where there are not as many different rows.
 * @returns cluster numbers by row; 0 is the largest cluster.
 */
export async function kMeans(vectors: Rows, k: number, seed: number, onPart?: OnPart): Promise<Uint32Array> {
  const count = countOf(vectors);
  const { size } = vectors;
  const part = Math.max(1, Math.floor(PART_PRODUCTS / (k * size)));
  const steps = MAX_ROUNDS + 1;
  const centers = await begin(vectors, k, random(seed, 'method', 3), (done, total) =>
    onPart?.(done, total * steps),
  );
  const found = centers.length / size;
  const clusters = new Uint32Array(count).fill(found);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let changed = 0;
    const told = (done: number) => onPart?.((round + 1) * count + done, steps * count);
    await inParts(count, part, told, (from, to) => {
      changed += assign(vectors, centers, clusters, from, to);
    });
    moveCenters(vectors, centers, clusters);
    if (changed <= SETTLED * count) break;
  }
  return bySize(clusters, found);
}

/**
 * Each centre is a row drawn by its squared distance to the nearest centre so far: the best of some drawn, "greedy
 * k-means++", since a single draw often puts two centres into one group. Of a large set only a sample is drawn from.
 * @returns [k, size].
 */
async function begin(vectors: Rows, k: number, source: Random, onPart: OnPart): Promise<Float32Array> {
  const { data, size } = vectors;
  const sampled = Math.max(SAMPLE, SAMPLE_PER_CENTER * k);
  const rows = permutation(countOf(vectors), source).slice(0, sampled);
  const candidates = 2 + Math.floor(Math.log(k));
  const centers = new Float32Array(k * size);
  let row = rows[0];
  let distances = nearer(vectors, rows, row, new Float64Array(rows.length).fill(Infinity));
  for (let found = 1; ; found++) {
    centers.set(data.subarray(row * size, (row + 1) * size), (found - 1) * size);
    await onPart(found, k);
    if (found === k) return centers;
    if (distances.total === 0) return centers.slice(0, found * size);
    const tried = Array.from({ length: candidates }, () => {
      const drawn = rows[drawBy(distances.values, source.uniform() * distances.total)];
      return { row: drawn, distances: nearer(vectors, rows, drawn, distances.values) };
    });
    ({ row, distances } = tried.reduce((a, b) => (b.distances.total < a.distances.total ? b : a)));
  }
}

/** Squared distances of `rows` to the nearest centre where `center` becomes one as well. */
function nearer(
  { data, size }: Rows,
  rows: Uint32Array,
  center: number,
  before: Float64Array,
): { values: Float64Array; total: number } {
  let total = 0;
  const values = before.map((distance, i) => {
    let sum = 0;
    for (let j = 0, at = rows[i] * size, to = center * size; j < size; j++, at++, to++)
      sum += (data[at] - data[to]) ** 2;
    const least = Math.min(distance, sum);
    total += least;
    return least;
  });
  return { values, total };
}

/** The row at which the running sum passes `point`. */
function drawBy(weights: Float64Array, point: number): number {
  let last = 0;
  for (let row = 0; row < weights.length; row++) {
    if (weights[row] === 0) continue;
    last = row;
    point -= weights[row];
    if (point < 0) return row;
  }
  return last;
}

/** Puts each row with its nearest centre. @returns how many rows that changed. */
function assign(
  { data, size }: Rows,
  centers: Float32Array,
  clusters: Uint32Array,
  from: number,
  to: number,
): number {
  const { keys } = exactSearch(centers, data.slice(from * size, to * size), size, 1, MetricKind.L2sq, 1);
  let changed = 0;
  for (let row = from; row < to; row++) {
    const cluster = Number(keys[row - from]);
    if (clusters[row] !== cluster) changed++;
    clusters[row] = cluster;
  }
  return changed;
}

/** Each centre becomes the mean of its rows; one without rows stays where it is. */
function moveCenters({ data, size }: Rows, centers: Float32Array, clusters: Uint32Array): void {
  const sums = new Float64Array(centers.length);
  const counts = new Uint32Array(centers.length / size);
  clusters.forEach((cluster, row) => {
    counts[cluster]++;
    for (let i = 0; i < size; i++) sums[cluster * size + i] += data[row * size + i];
  });
  counts.forEach((count, cluster) => {
    if (count === 0) return;
    for (let i = cluster * size; i < (cluster + 1) * size; i++) centers[i] = sums[i] / count;
  });
}

/** The clusters numbered anew, largest first; empty ones have no number. */
function bySize(clusters: Uint32Array, found: number): Uint32Array {
  const counts = new Uint32Array(found);
  for (const cluster of clusters) counts[cluster]++;
  const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
  const numbers = new Uint32Array(found);
  order.forEach((cluster, number) => (numbers[cluster] = number));
  return clusters.map((cluster) => numbers[cluster]);
}
