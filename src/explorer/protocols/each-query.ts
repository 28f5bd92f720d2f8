/** Queries against all rows, a block of queries at a time: scores of millions of pairs are never held at once. */
import { countOf, slice, type Products, type Rows } from '../products';

/** After each block; may throw to end it. */
export type OnQueries = (done: number, total: number) => void | Promise<void>;

/** Scores that a block may have. */
const BLOCK_SCORES = 2 ** 23;

/** @param ask gets a query's number and its scores with all rows, [rows]; they are valid until it returns. */
export async function eachQuery(
  rows: Rows,
  queries: Rows,
  products: Products,
  ask: (query: number, scores: Float32Array) => void,
  onQueries?: OnQueries,
): Promise<void> {
  const count = countOf(rows);
  const total = countOf(queries);
  const block = Math.max(1, Math.min(256, Math.floor(BLOCK_SCORES / Math.max(1, count))));
  for (let from = 0; from < total; from += block) {
    const to = Math.min(total, from + block);
    const scores = await products(slice(queries, from, to), rows);
    for (let query = from; query < to; query++)
      ask(query, scores.subarray((query - from) * count, (query - from + 1) * count));
    await onQueries?.(to, total);
  }
}
