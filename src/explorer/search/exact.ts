/**
 * Exact search: the true nearest rows by cosine similarity, whatever their number. The reference that approximate
 * search is measured against. Scores are dot products in double precision.
 */
import usearch from 'usearch';
import { BestHits, type Hit } from './hits';

export interface SearchedRows {
  /** [rows, size], unit length. */
  readonly vectors: Float32Array;
  readonly size: number;
  /** Rows to look at, ascending; null for all. */
  readonly allowed: Uint32Array | null;
}

/** Rows more than asked for, among which ties and rounding are decided in double precision. */
const MARGIN = 16;
/** Below this share of rows that may be found, looking at them one by one is faster than looking at all. */
const DENSE = 0.5;

/**
 * @param query [size], of unit length.
 * @returns at most `k`, best first; among equals the lower set, then the lower row.
 */
export function searchExact(sets: readonly SearchedRows[], query: Float32Array, k: number): Hit[] {
  const best = new BestHits(k);
  sets.forEach((rows, set) => {
    const candidates = candidatesOf(rows, query, k);
    if (candidates) for (const row of candidates) best.offer({ set, row, score: dot(rows, row, query) });
    else scan(rows, set, query, best);
  });
  return best.sorted();
}

/** Dot product of a row with the query, in double precision. */
export function dot(
  { vectors, size }: Pick<SearchedRows, 'vectors' | 'size'>,
  row: number,
  query: Float32Array,
): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = row * size;
  let j = 0;
  for (; j + 3 < size; j += 4, at += 4) {
    a += vectors[at] * query[j];
    b += vectors[at + 1] * query[j + 1];
    c += vectors[at + 2] * query[j + 2];
    d += vectors[at + 3] * query[j + 3];
  }
  for (; j < size; j++, at++) a += vectors[at] * query[j];
  return a + b + (c + d);
}

/**
 * A superset of the best `k` rows from the native scan in single precision: several times faster than JavaScript.
 * @returns null where it cannot be sure to hold them all: so many rows are equal that they do not fit, or so few
 * may be found.
 */
function candidatesOf(rows: SearchedRows, query: Float32Array, k: number): number[] | null {
  const { vectors, size, allowed } = rows;
  const count = vectors.length / size;
  const share = allowed ? allowed.length / count : 1;
  const wanted = Math.min(count, Math.ceil((k / share) * (allowed ? 1.5 : 1)) + MARGIN);
  if (count === 0 || share < DENSE) return null;
  // Single-precision dot products of unit vectors are at most this far off (Higham 2002, section 3.1).
  const error = (size + 8) * 2 ** -24;
  const found = usearch.exactSearch(vectors, query.slice(), size, wanted, usearch.MetricKind.IP, 1);
  if (!(found instanceof usearch.Matches)) throw new Error('usearch answered one query as several');
  const isAllowed = allowed && membership(allowed, count);
  const candidates: number[] = [];
  let kth = -Infinity;
  let last = -Infinity;
  for (let i = 0; i < wanted; i++) {
    last = 1 - found.distances[i];
    const row = Number(found.keys[i]);
    if (isAllowed && !isAllowed[row]) continue;
    candidates.push(row);
    if (candidates.length === k) kth = last;
  }
  // What was left out scores at most `last`: less than the k-th, even if both are off.
  return wanted === count || last + 2 * error < kth ? candidates : null;
}

function membership(allowed: Uint32Array, count: number): Uint8Array {
  const isAllowed = new Uint8Array(count);
  for (const row of allowed) isAllowed[row] = 1;
  return isAllowed;
}

function scan(rows: SearchedRows, set: number, query: Float32Array, best: BestHits): void {
  const { vectors, size, allowed } = rows;
  const count = allowed?.length ?? vectors.length / size;
  for (let i = 0; i < count; i++) {
    const row = allowed ? allowed[i] : i;
    const score = dot(rows, row, query);
    if (score >= best.least) best.offer({ set, row, score });
  }
}
