/** The nearest rows of many queries, exactly: found by a native scan in single precision, ranked in double. */
import usearch from 'usearch';
import { countOf, dot, type Rows } from './products';

export interface Nearest {
  /** Per query; less than was asked for where there are fewer rows. */
  readonly k: number;
  /** [queries, k]: most similar first, the lower row first among equals. */
  readonly rows: Uint32Array;
  /** [queries, k]: products in double precision. */
  readonly scores: Float64Array;
}

export interface NearestOptions {
  readonly threads?: number;
  /** After some queries; may throw to end the search. */
  readonly onQueries?: (done: number, total: number) => void | Promise<void>;
}

/**
 * Candidates beyond k, among which rounding and ties are decided in double precision. Of more rows than these that
 * are equal at the end of the list, the scan chooses.
 */
const MARGIN = 16;
/** Queries between two looks at whether to go on. */
const BLOCK = 32;

/** @param self per query, the row that it is itself and which is passed over; null where queries are no rows. */
export async function nearest(
  rows: Rows,
  queries: Rows,
  k: number,
  self: ArrayLike<number> | null,
  { threads = 1, onQueries }: NearestOptions = {},
): Promise<Nearest> {
  const { size } = rows;
  const count = countOf(rows);
  const asked = countOf(queries);
  const wanted = Math.min(k, Math.max(0, self ? count - 1 : count));
  const found = {
    k: wanted,
    rows: new Uint32Array(asked * wanted),
    scores: new Float64Array(asked * wanted),
  };
  if (wanted === 0) return found;
  const looked = Math.min(count, wanted + 1 + MARGIN);
  // usearch takes no account of where a view begins.
  const data = rows.data.byteOffset === 0 ? rows.data : rows.data.slice();
  for (let from = 0; from < asked; from += BLOCK) {
    const to = Math.min(asked, from + BLOCK);
    const some = queries.data.slice(from * size, to * size);
    const { keys } = usearch.exactSearch(data, some, size, looked, usearch.MetricKind.IP, threads);
    for (let query = from; query < to; query++) {
      const mine = self?.[query] ?? -1;
      const ranked = Array.from(keys.subarray((query - from) * looked, (query - from + 1) * looked), Number)
        .filter((row) => row !== mine)
        .map((row) => ({ row, score: dot(queries, query, rows, row) }))
        .sort((a, b) => b.score - a.score || a.row - b.row);
      for (let i = 0; i < wanted; i++) {
        found.rows[query * wanted + i] = ranked[i].row;
        found.scores[query * wanted + i] = ranked[i].score;
      }
    }
    await onQueries?.(to, asked);
  }
  return found;
}
