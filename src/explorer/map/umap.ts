/**
 * UMAP's layout (McInnes, Healy & Melville 2018, arXiv 1802.03426, algorithm 5): stochastic gradient descent on the
 * cross entropy of the fuzzy sets, with negative samples. It begins from PCA instead of a spectral embedding, which
 * keeps the large shape (Kobak & Linderman 2021) and needs no eigenvectors of a large matrix.
 */
import { random, type Random } from '../../shared/random';
import { fitCurve, type Curve } from './curve';
import type { FuzzySet } from './fuzzy-set';
import type { OnPart } from './in-parts';

export interface UmapOptions {
  readonly minDistance: number;
  readonly seed: number;
  /** Of gradient descent; without it more for fewer points, as the authors' implementation has it. */
  readonly epochs?: number;
}

/** Points that are pushed away for each one that is pulled near. */
const NEGATIVES = 5;
/** No point moves further by one force. */
const MAX_MOVE = 4;
/** Half the extent of the beginning. */
const EXTENT = 10;

export const epochsFor = (count: number): number => (count <= 10_000 ? 500 : 200);

/**
 * @param start [count, 2], e.g. of PCA.
 * @param onEpoch may throw to end the work.
 * @returns [count, 2].
 */
export async function umapLayout(
  set: FuzzySet,
  start: Float32Array,
  { minDistance, seed, epochs = epochsFor(start.length / 2) }: UmapOptions,
  onEpoch?: OnPart,
): Promise<Float32Array> {
  const source = random(seed, 'method', 2);
  const points = beginning(start, source);
  const edges = schedule(set, epochs);
  const curve = fitCurve(minDistance);
  const draw = xorshift(source.uint32());
  for (let epoch = 0; epoch < epochs; epoch++) {
    pass(points, edges, curve, epoch, 1 - epoch / epochs, draw);
    await onEpoch?.(epoch + 1, epochs);
  }
  return points;
}

/** The start scaled to the extent, each point a little aside, so that equal rows can part. */
function beginning(start: Float32Array, source: Random): Float32Array {
  let furthest = 0;
  for (const value of start) furthest = Math.max(furthest, Math.abs(value));
  const jitter = furthest > 0 ? 1e-4 : EXTENT;
  return start.map((value) => (furthest > 0 ? (value / furthest) * EXTENT : 0) + jitter * source.normal());
}

interface Edges extends FuzzySet {
  /** Epochs from one pull along the edge to the next. */
  readonly every: Float64Array;
  /** The epoch of the next pull. */
  readonly next: Float64Array;
  /** The epoch up to which points have been pushed away for this edge. */
  readonly pushed: Float64Array;
}

/** The strongest edges are pulled each epoch, others in proportion; what would never be pulled is left out. */
function schedule({ heads, tails, weights }: FuzzySet, epochs: number): Edges {
  const strongest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const kept = heads.map((_, edge) => edge).filter((edge) => weights[edge] * epochs >= strongest);
  const every = Float64Array.from(kept, (edge) => strongest / weights[edge]);
  return {
    heads: kept.map((edge) => heads[edge]),
    tails: kept.map((edge) => tails[edge]),
    weights: Float32Array.from(kept, (edge) => weights[edge]),
    every,
    next: every.slice(),
    pushed: every.map((epochs) => epochs / NEGATIVES),
  };
}

/** One epoch: every edge whose turn it is pulls its ends together and pushes its head away from random points. */
function pass(
  points: Float32Array,
  { heads, tails, every, next, pushed }: Edges,
  { a, b }: Curve,
  epoch: number,
  rate: number,
  draw: () => number,
): void {
  const count = points.length / 2;
  for (let edge = 0; edge < heads.length; edge++) {
    if (next[edge] > epoch) continue;
    const head = heads[edge] * 2;
    const tail = tails[edge] * 2;
    const dx = points[head] - points[tail];
    const dy = points[head + 1] - points[tail + 1];
    const squared = dx * dx + dy * dy;
    if (squared > 0) {
      const power = squared ** b;
      const pull = (-2 * a * b * power) / squared / (1 + a * power);
      const moveX = rate * clip(pull * dx);
      const moveY = rate * clip(pull * dy);
      points[head] += moveX;
      points[head + 1] += moveY;
      points[tail] -= moveX;
      points[tail + 1] -= moveY;
    }
    next[edge] += every[edge];

    const times = Math.floor(((epoch - pushed[edge]) * NEGATIVES) / every[edge]);
    for (let i = 0; i < times; i++) {
      const other = (draw() % count) * 2;
      if (other === head) continue;
      const ox = points[head] - points[other];
      const oy = points[head + 1] - points[other + 1];
      const far = ox * ox + oy * oy;
      const push = (2 * b) / ((0.001 + far) * (1 + a * far ** b));
      points[head] += rate * clip(push * ox);
      points[head + 1] += rate * clip(push * oy);
    }
    if (times > 0) pushed[edge] += (times * every[edge]) / NEGATIVES;
  }
}

const clip = (force: number): number => Math.max(-MAX_MOVE, Math.min(MAX_MOVE, force));

/** Marsaglia 2003, "Xorshift RNGs": a hundred million draws an epoch would take Philox too long. */
function xorshift(seed: number): () => number {
  let state = seed || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
