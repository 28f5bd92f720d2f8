/** What stands among the first k answers. `ranks` are those of the right answers, from 0 and ascending. */

function hits(ranks: ArrayLike<number>, k: number): number {
  let count = 0;
  while (count < ranks.length && ranks[count] < k) count++;
  return count;
}

/** Share of right answers among the first k. */
export const precisionAt = (ranks: ArrayLike<number>, k: number): number => hits(ranks, k) / k;

/**
 * Share of right answers among the first min(k, rank of the last right one): a query with three right answers, all
 * in front, has a precision at 10 of 1. The mP@k of revisitop (Radenovic et al. 2018, arXiv 1803.11285).
 */
export function revisitedPrecisionAt(ranks: ArrayLike<number>, k: number): number {
  if (ranks.length === 0) return 0;
  const looked = Math.min(k, ranks[ranks.length - 1] + 1);
  return hits(ranks, looked) / looked;
}

/**
 * 1 where a right answer is among the first k, else 0: the recall@k of metric learning (Song et al. 2016, arXiv
 * 1511.06452) and of Jegou et al. 2011. Where a query has one right answer it is the usual recall too.
 */
export const recallAt = (ranks: ArrayLike<number>, k: number): 0 | 1 => (hits(ranks, k) > 0 ? 1 : 0);
