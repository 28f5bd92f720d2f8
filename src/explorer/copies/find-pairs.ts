/** All pairs of a set that score at least a floor: every row against every later one, block by block. */
import type { CopyPairs } from '../../shared/explorer/copies';
import { BestPairs } from './best-pairs';
import { countOf, dot, slice, type Products, type Rows } from '../products';

export interface FindOptions {
  readonly floor: number;
  /** At most this many, the best. */
  readonly limit: number;
  readonly products: Products;
  /** Rows compared at once. */
  readonly block?: number;
  /** After each block; may throw to end the search. `done` and `total` count comparisons. */
  readonly onBlock?: (done: number, total: number) => void | Promise<void>;
}

/**
 * Products in float32 may differ from the cosine by their rounding: candidates are taken a little below the floor
 * and then scored in double precision, so that blocks and devices do not change the answer.
 */
const SLACK = 1e-5;

/**
 * @returns cosines, descending. No pair that scores more than `floor` is missing, and none that scores as much where there are
 *   less than `limit`.
 */
export async function findPairs(rows: Rows, options: FindOptions): Promise<CopyPairs & { floor: number }> {
  const { floor, limit, products, block = 2048, onBlock } = options;
  const count = countOf(rows);
  const best = new BestPairs(floor, limit);
  const total = (count * (count - 1)) / 2;
  let done = 0;
  for (let i = 0; i < count; i += block) {
    const high = Math.min(count, i + block);
    for (let j = i; j < count; j += block) {
      const end = Math.min(count, j + block);
      const scores = await products(slice(rows, i, high), slice(rows, j, end));
      const width = end - j;
      for (let a = i; a < high; a++) {
        const from = (a - i) * width - j;
        // Read once a row: it only rises.
        const bar = best.lowest - SLACK;
        for (let b = Math.max(j, a + 1); b < end; b++)
          if (scores[from + b] >= bar) best.add(a, b, dot(rows, a, rows, b));
      }
      done += i === j ? ((high - i) * (high - i - 1)) / 2 : (high - i) * width;
      await onBlock?.(done, total);
    }
  }
  const pairs = best.pairs();
  const isFull = pairs.score.length === limit;
  return { ...pairs, floor: isFull ? pairs.score[limit - 1] : floor };
}
