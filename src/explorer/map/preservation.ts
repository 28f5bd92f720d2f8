/**
 * How far to trust the map: the share of a point's nearest in the original space that are among its nearest on the
 * map as well ("neighbourhood preservation", Venna & Kaski 2001 measure the same from both sides).
 */
import { permutation, random } from '../../shared/random';
import { exactNearest } from './nearest';
import { countOf, type Rows } from '../products';
import { inParts, type OnPart } from './in-parts';

const NEAREST = 15;
const SAMPLE = 1000;
const PART = 50;

export interface Preservation {
  /** In [0, 1]; chance is k / (count - 1). */
  readonly value: number;
  readonly k: number;
  /** Points that were looked at. */
  readonly points: number;
}

export interface Sample {
  readonly rows: Uint32Array;
  /** [rows, k]: each one's nearest in the original space. */
  readonly nearest: Uint32Array;
  readonly k: number;
}

/** Rows drawn by the seed, with their true neighbours. */
export async function sampleNeighbours(vectors: Rows, seed: number, onPart?: OnPart): Promise<Sample> {
  const count = countOf(vectors);
  const rows = permutation(count, random(seed, 'subset', 6)).slice(0, SAMPLE);
  const k = Math.min(NEAREST, count - 1);
  const { rows: nearest } = await exactNearest(vectors, rows, k, onPart);
  return { rows, nearest, k };
}

/** @param x, y of all points on the map. */
export async function preservation(
  { rows, nearest, k }: Sample,
  x: Float32Array,
  y: Float32Array,
  onPart?: OnPart,
): Promise<Preservation> {
  let kept = 0;
  await inParts(rows.length, PART, onPart, (from, to) => {
    for (let i = from; i < to; i++) {
      const own = nearest.subarray(i * k, (i + 1) * k);
      kept += shared(own, nearestOnMap(x, y, rows[i], k));
    }
  });
  return { value: rows.length * k === 0 ? 1 : kept / (rows.length * k), k, points: rows.length };
}

/** How many of `a` are in `b`, which holds each row once. */
export const shared = (a: Uint32Array, b: ArrayLike<number>): number => {
  const others = new Set(Array.from(b));
  return a.reduce((count, row) => count + (others.has(row) ? 1 : 0), 0);
};

/** The k points nearest to `row`, itself left out, the lower number first among equals. */
export function nearestOnMap(x: Float32Array, y: Float32Array, row: number, k: number): number[] {
  const best: { row: number; distance: number }[] = [];
  for (let other = 0; other < x.length; other++) {
    if (other === row) continue;
    const distance = (x[other] - x[row]) ** 2 + (y[other] - y[row]) ** 2;
    if (best.length === k && distance >= best[k - 1].distance) continue;
    if (best.length === k) best.pop();
    let at = best.length;
    while (at > 0 && best[at - 1].distance > distance) at--;
    best.splice(at, 0, { row: other, distance });
  }
  return best.map(({ row }) => row);
}
