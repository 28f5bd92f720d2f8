/** The nearest rows of each row by cosine similarity: exact where there are few, an HNSW graph (usearch) beyond. */
import { BatchMatches, exactSearch, Index, MetricKind, ScalarKind } from 'usearch';
import { countOf, gather, type Rows } from '../products';
import { inParts, type OnPart } from './in-parts';

/** Up to so many rows all pairs are compared. */
const EXACT_ROWS = 4000;
/** Rows to add or to ask at once: a fraction of a second of work. */
const PART = 500;
/** Malkov & Yashunin 2018 (arXiv 1603.09320): links a row, and candidates while adding and while searching. */
const HNSW = { connectivity: 16, expansion_add: 64, expansion_search: 64 };

export interface Nearest {
  readonly k: number;
  /** [rows asked, k], nearest first, never the row itself. */
  readonly rows: Uint32Array;
  /** [rows asked, k]: Euclidean distances between unit vectors, sqrt(2 - 2 cos). */
  readonly distances: Float32Array;
  readonly isExact: boolean;
}

/**
 * @param vectors of unit length. @param k less than their number.
 * @param exactRows more rows than these are searched approximately.
 */
export async function nearestRows(
  vectors: Rows,
  k: number,
  onPart?: OnPart,
  exactRows = EXACT_ROWS,
): Promise<Nearest> {
  const count = countOf(vectors);
  const all = Uint32Array.from({ length: count }, (_, row) => row);
  if (count <= exactRows) return exactNearest(vectors, all, k, onPart);

  const { data, size } = vectors;
  const index = new Index({
    dimensions: size,
    metric: MetricKind.IP,
    quantization: ScalarKind.F32,
    ...HNSW,
    multi: false,
  });
  // One thread: with more of them the graph would depend on which was faster.
  await inParts(
    count,
    PART,
    (done) => onPart?.(done, 2 * count),
    (from, to) => {
      const keys = BigUint64Array.from({ length: to - from }, (_, i) => BigInt(from + i));
      index.add(keys, data.slice(from * size, to * size), 1);
    },
  );
  const found = empty(count, k, false);
  await inParts(
    count,
    PART,
    (done) => onPart?.(count + done, 2 * count),
    (from, to) => {
      const matches = index.search(data.slice(from * size, to * size), k + 1, 1);
      for (let row = from; row < to; row++) {
        const at = (row - from) * (k + 1);
        // A row for which the graph has too few, and one that is asked alone, is compared with all.
        const whole = matches instanceof BatchMatches && Number(matches.counts[row - from]) > k;
        const { keys, distances } = whole ? matches : exact(vectors, row, k + 1);
        copyOthers(found, row, row, keys, distances, whole ? at : 0);
      }
    },
  );
  return found;
}

/** @param rows to find the neighbours of, among all rows. @param k less than the number of vectors. */
export async function exactNearest(
  vectors: Rows,
  rows: Uint32Array,
  k: number,
  onPart?: OnPart,
): Promise<Nearest> {
  const found = empty(rows.length, k, true);
  // usearch keeps the distances of all pairs of a call.
  const part = Math.max(1, Math.min(PART, Math.floor(2e6 / countOf(vectors))));
  await inParts(rows.length, part, onPart, (from, to) => {
    const { data, size } = vectors;
    const queries = gather(vectors, rows.subarray(from, to)).data;
    const { keys, distances } = exactSearch(data, queries, size, k + 1, MetricKind.IP, 1);
    for (let i = from; i < to; i++) copyOthers(found, i, rows[i], keys, distances, (i - from) * (k + 1));
  });
  return found;
}

const exact = ({ data, size }: Rows, row: number, k: number) =>
  exactSearch(data, data.slice(row * size, (row + 1) * size), size, k, MetricKind.IP, 1);

const empty = (rows: number, k: number, isExact: boolean): Nearest => ({
  k,
  rows: new Uint32Array(rows * k),
  distances: new Float32Array(rows * k),
  isExact,
});

/**
 * Takes the k of k + 1 matches that are not the row itself. Where it is not among them, since it has many equals,
 * the last is left out.
 */
function copyOthers(
  { k, rows, distances }: Nearest,
  to: number,
  self: number,
  keys: BigUint64Array,
  scores: Float32Array,
  from: number,
): void {
  for (let i = 0, j = 0; j < k; i++) {
    const key = Number(keys[from + i]);
    if (key === self) continue;
    rows[to * k + j] = key;
    // usearch's "inner product" distance is 1 - cos; rounding may take it below 0.
    distances[to * k + j] = Math.sqrt(Math.max(0, 2 * scores[from + i]));
    j++;
  }
}
