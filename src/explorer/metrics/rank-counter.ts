/** Ranks of right answers among wrong ones, without sorting the wrong ones: there may be billions of them. */

/**
 * Counts, for each right answer, the wrong ones that stand before it. Among equal scores the wrong ones stand first
 * (DISC21's rule), so that an encoder gains nothing by giving everything the same score.
 */
export class RankCounter {
  /** Of the right answers, descending. */
  readonly scores: Float64Array;
  /** [scores]: wrong ones that stand before this one and after the one before it. */
  private readonly between: Float64Array;

  /** @param scores of the right answers, in any order. */
  constructor(scores: ArrayLike<number>) {
    this.scores = Float64Array.from(scores).sort().reverse();
    this.between = new Float64Array(this.scores.length);
  }

  /** Counts a wrong answer. */
  add(score: number): void {
    const at = this.firstNotAbove(score);
    if (at < this.between.length) this.between[at]++;
  }

  /** Ranks from 0 of the right answers, ascending. */
  ranks(): Float64Array {
    let before = 0;
    return this.between.map((count, at) => at + (before += count));
  }

  /** The first right answer whose score is at most `score`; their number where there is none. */
  private firstNotAbove(score: number): number {
    let low = 0;
    let high = this.scores.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.scores[middle] <= score) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** What a row is to a query. Junk leaves the ranking before anything is counted (Philbin et al. 2007). */
export type Relation = 'positive' | 'junk' | 'negative';

/**
 * Ranks from 0 of the positives of one query, ascending, junk taken out.
 * @param scores [rows], higher is nearer.
 */
export function rankPositives(scores: ArrayLike<number>, relation: (row: number) => Relation): Float64Array {
  const found: number[] = [];
  const wrong: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    const is = relation(row);
    if (is === 'positive') found.push(scores[row]);
    else if (is === 'negative') wrong.push(scores[row]);
  }
  const counter = new RankCounter(found);
  for (const score of wrong) counter.add(score);
  return counter.ranks();
}
