/**
 * Average precision of one ranking: the area under its curve of precision against recall. Protocols differ in how
 * they draw that curve, and a figure is only comparable with figures of the same rule.
 *
 * `ranks` are those of the right answers, from 0 and ascending; `positives` is how many there are in all, which is
 * more where some were not retrieved.
 */

/**
 * A step of width 1 / positives at each right answer, as high as the precision there: (1/P) sum_j (j+1) / (rank_j+1).
 * The usual definition; of pooled answers it is DISC21's micro-AP (Douze et al. 2021, arXiv 2106.09672, section 4).
 */
export function averagePrecision(ranks: ArrayLike<number>, positives: number): number {
  checkPositives(ranks, positives);
  let sum = 0;
  for (let j = 0; j < ranks.length; j++) sum += (j + 1) / (ranks[j] + 1);
  return sum / positives;
}

/**
 * Trapezoids between the precision just before and at each right answer: (1/P) sum_j (p0 + p1) / 2 with
 * p0 = j / rank_j (1 at rank 0) and p1 = (j+1) / (rank_j+1). The rule of Oxford / Paris (Philbin et al. 2007),
 * revisitop (Radenovic et al. 2018, arXiv 1803.11285) and Copydays.
 */
export function trapezoidalAveragePrecision(ranks: ArrayLike<number>, positives: number): number {
  checkPositives(ranks, positives);
  let sum = 0;
  for (let j = 0; j < ranks.length; j++) {
    const before = ranks[j] === 0 ? 1 : j / ranks[j];
    sum += (before + (j + 1) / (ranks[j] + 1)) / 2;
  }
  return sum / positives;
}

function checkPositives(ranks: ArrayLike<number>, positives: number): void {
  if (positives < 1) throw new Error('A query without right answers has no average precision');
  if (ranks.length > positives) throw new Error(`${ranks.length} right answers of ${positives}`);
}
