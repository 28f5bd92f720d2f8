/** Precision against recall of one ranking: the curve, and the point where precision is still 90 %. */

export interface CurvePoint {
  readonly recall: number;
  readonly precision: number;
}

/** Levels of recall that a curve is drawn at: 0, 0.01, ..., 1. */
const LEVELS = 101;

/**
 * Interpolated precision at 101 levels of recall: the highest precision at this recall or a higher one (Manning et
 * al. 2008, Introduction to Information Retrieval, 8.4). Levels that were not reached are left out.
 * @param ranks of the right answers, from 0 and ascending.
 */
export function precisionRecallCurve(ranks: ArrayLike<number>, positives: number): CurvePoint[] {
  return interpolated(ranks, positives)
    .map((precision, level) => ({ recall: level / (LEVELS - 1), precision }))
    .filter(({ precision }) => precision > 0);
}

/** Mean over queries of their interpolated precisions; a level that a query did not reach counts 0. */
export class MeanCurve {
  private readonly sums = new Float64Array(LEVELS);
  private queries = 0;

  add(ranks: ArrayLike<number>, positives: number): void {
    interpolated(ranks, positives).forEach((precision, level) => (this.sums[level] += precision));
    this.queries++;
  }

  points(): CurvePoint[] {
    if (this.queries === 0) return [];
    return Array.from(this.sums, (sum, level) => ({
      recall: level / (LEVELS - 1),
      precision: sum / this.queries,
    }));
  }
}

/** [LEVELS], 0 where the level was not reached. */
function interpolated(ranks: ArrayLike<number>, positives: number): number[] {
  const precisions = new Array<number>(LEVELS).fill(0);
  let best = 0;
  let j = ranks.length - 1;
  for (let level = LEVELS - 1; level >= 0; level--) {
    // Recall after right answer j is (j + 1) / positives; compared as whole numbers, so that no level is lost.
    for (; j >= 0 && (j + 1) * (LEVELS - 1) >= level * positives; j--)
      best = Math.max(best, (j + 1) / (ranks[j] + 1));
    precisions[level] = best;
  }
  return precisions;
}

export interface OperatingPoint {
  readonly recall: number;
  readonly precision: number;
  /** The score from which on answers are taken. */
  readonly threshold: number;
}

/**
 * The highest recall at which precision is at least `precision`, with the highest threshold that reaches it; null
 * where there is none (DISC21: recall at 90 % precision).
 * @param ranks of the right answers, from 0, ascending, the wrong ones first among equals. @param scores of the same.
 */
export function operatingPoint(
  ranks: ArrayLike<number>,
  scores: ArrayLike<number>,
  positives: number,
  precision: number,
): OperatingPoint | null {
  for (let j = ranks.length - 1; j >= 0; j--) {
    const here = (j + 1) / (ranks[j] + 1);
    if (here >= precision) return { recall: (j + 1) / positives, precision: here, threshold: scores[j] };
  }
  return null;
}
