/** Means over queries: what a table of a retrieval protocol shows. */
import { averagePrecision, trapezoidalAveragePrecision } from './average-precision';
import { precisionAt, recallAt, revisitedPrecisionAt } from './at-k';
import { MeanCurve, type CurvePoint } from './precision-recall';

/** How a protocol counts. */
export interface Counting {
  readonly averagePrecision: (ranks: ArrayLike<number>, positives: number) => number;
  readonly precisionAt: (ranks: ArrayLike<number>, k: number) => number;
}
/** Retrieval by class, or by instance from a table of ours. */
export const PLAIN: Counting = { averagePrecision, precisionAt };
/** Revisited Oxford / Paris. */
export const REVISITED: Counting = {
  averagePrecision: trapezoidalAveragePrecision,
  precisionAt: revisitedPrecisionAt,
};
/** Copydays: the trapezoids of Oxford / Paris. */
export const COPYDAYS: Counting = { averagePrecision: trapezoidalAveragePrecision, precisionAt };

export interface RetrievalMeans {
  /** Queries that the means are of. */
  readonly queries: number;
  /** Queries without a right answer. */
  readonly leftOut: number;
  /** Null without queries. */
  readonly map: number | null;
  readonly precisionAt: Record<string, number>;
  readonly recallAt: Record<string, number>;
  readonly curve: readonly CurvePoint[];
}

/** Takes queries one after another. */
export class RetrievalSummary {
  private readonly curve = new MeanCurve();
  private readonly precisions: Float64Array;
  private readonly recalls: Float64Array;
  private averagePrecisions = 0;
  private queries = 0;
  private leftOut = 0;

  constructor(
    private readonly counting: Counting,
    private readonly k: readonly number[],
  ) {
    this.precisions = new Float64Array(k.length);
    this.recalls = new Float64Array(k.length);
  }

  /** @param ranks of the query's right answers, from 0, ascending. @param positives of them in all; 0 is left out. */
  add(ranks: ArrayLike<number>, positives: number): void {
    if (positives === 0) {
      this.leftOut++;
      return;
    }
    this.queries++;
    this.averagePrecisions += this.counting.averagePrecision(ranks, positives);
    this.k.forEach((k, i) => {
      this.precisions[i] += this.counting.precisionAt(ranks, k);
      this.recalls[i] += recallAt(ranks, k);
    });
    this.curve.add(ranks, positives);
  }

  means(): RetrievalMeans {
    const { queries, leftOut } = this;
    const byK = (sums: Float64Array) =>
      queries === 0 ? {} : Object.fromEntries(this.k.map((k, i) => [k, sums[i] / queries]));
    return {
      queries,
      leftOut,
      map: queries === 0 ? null : this.averagePrecisions / queries,
      precisionAt: byK(this.precisions),
      recallAt: byK(this.recalls),
      curve: this.curve.points(),
    };
  }
}
