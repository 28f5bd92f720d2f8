/**
 * The fuzzy simplicial set of UMAP (McInnes, Healy & Melville 2018, arXiv 1802.03426, section 3.1 and algorithms 2
 * and 3): how strongly each row is joined to its neighbours, made symmetric.
 */
import type { Nearest } from './nearest';

/** Joined rows, every pair in both directions, by head. */
export interface FuzzySet {
  readonly heads: Uint32Array;
  readonly tails: Uint32Array;
  /** In (0, 1]. */
  readonly weights: Float32Array;
}

/** Widths are never below this share of the mean distance: else many equal images would tie a row to one of them. */
const MIN_WIDTH = 1e-3;

export function fuzzySet(nearest: Nearest): FuzzySet {
  const { k, rows } = nearest;
  const count = rows.length / k;
  const strengths = memberships(nearest);
  const reverse = incoming(rows, count);
  // Every neighbour in both directions is the most that there can be.
  const heads = new Uint32Array(2 * rows.length);
  const tails = new Uint32Array(2 * rows.length);
  const weights = new Float32Array(2 * rows.length);
  let length = 0;
  const put = (head: number, tail: number, weight: number) => {
    heads[length] = head;
    tails[length] = tail;
    weights[length++] = weight;
  };
  for (let head = 0; head < count; head++) {
    for (let at = head * k; at < (head + 1) * k; at++) {
      const back = find(rows, k, rows[at], head);
      const other = back < 0 ? 0 : strengths[back];
      put(head, rows[at], strengths[at] + other - strengths[at] * other);
    }
    // Rows that have this one as a neighbour and are none of its own.
    for (let i = reverse.starts[head]; i < reverse.starts[head + 1]; i++) {
      const from = Math.floor(reverse.edges[i] / k);
      if (find(rows, k, head, from) < 0) put(head, from, strengths[reverse.edges[i]]);
    }
  }
  return {
    heads: heads.slice(0, length),
    tails: tails.slice(0, length),
    weights: weights.slice(0, length),
  };
}

/** [rows, k]: exp(-(distance - nearest) / width), with the width at which a row's strengths sum to log2(k + 1). */
function memberships({ k, distances }: Nearest): Float32Array {
  const strengths = new Float32Array(distances.length);
  let sum = 0;
  for (const distance of distances) sum += distance;
  const mean = sum / distances.length;
  for (let at = 0; at < distances.length; at += k) {
    const own = distances.subarray(at, at + k);
    const nearest = own.find((distance) => distance > 0) ?? 0;
    const ownMean = own.reduce((total, distance) => total + distance, 0) / k;
    const width = Math.max(findWidth(own, nearest), MIN_WIDTH * (nearest > 0 ? ownMean : mean));
    for (let i = 0; i < k; i++)
      strengths[at + i] = own[i] <= nearest || width === 0 ? 1 : Math.exp(-(own[i] - nearest) / width);
  }
  return strengths;
}

/** Bisection, as the paper does it, where a row counts as its own first neighbour: hence the 1. */
function findWidth(distances: Float32Array, nearest: number): number {
  const wanted = Math.log2(distances.length + 1);
  let [low, high, width] = [0, Infinity, 1];
  for (let i = 0; i < 64; i++) {
    let sum = 0;
    for (const distance of distances) sum += distance > nearest ? Math.exp(-(distance - nearest) / width) : 1;
    if (Math.abs(sum - wanted) < 1e-5) break;
    if (sum > wanted) high = width;
    else low = width;
    width = high === Infinity ? width * 2 : (low + high) / 2;
  }
  return width;
}

/** Where `row` is among the neighbours of `of`, in the whole array; -1 where it is not. */
function find(rows: Uint32Array, k: number, of: number, row: number): number {
  for (let at = of * k; at < (of + 1) * k; at++) if (rows[at] === row) return at;
  return -1;
}

/** By row, the edges that end there: `edges` from `starts[row]` to `starts[row + 1]`. */
function incoming(rows: Uint32Array, count: number): { starts: Uint32Array; edges: Uint32Array } {
  const starts = new Uint32Array(count + 1);
  for (const row of rows) starts[row + 1]++;
  for (let row = 0; row < count; row++) starts[row + 1] += starts[row];
  const next = starts.slice();
  const edges = new Uint32Array(rows.length);
  rows.forEach((row, at) => (edges[next[row]++] = at));
  return { starts, edges };
}
