/** What protocols put into a report. */
import type { RetrievalRow } from '../../shared/explorer/retrieval';
import {
  averagePrecision,
  operatingPoint,
  precisionRecallCurve,
  type RankCounter,
  type RetrievalSummary,
} from '../metrics';

/** k of mP@k and recall@k. */
export const AT = [1, 5, 10] as const;

/** What a report says of images that join the database as wrong answers. */
export const distractorsNote = (count: number): string =>
  `${count} distractors answer too, and none of them is right, whatever its class.`;

export interface Measured {
  readonly rows: RetrievalRow[];
  readonly notes: string[];
}

/** Of rankings that are judged query by query. */
export function rowOf(name: string, summary: RetrievalSummary): RetrievalRow {
  const { curve, ...means } = summary.means();
  return { name, ...means, curve: [...curve], accuracyAt: {}, microAp: null, recallAtPrecision90: null };
}

/** The figures of all pairs in one list, and its curve in place of the queries' mean. */
export function pooled(
  counter: RankCounter,
  positives: number,
): Pick<RetrievalRow, 'microAp' | 'recallAtPrecision90' | 'curve'> {
  if (positives === 0) return { microAp: null, recallAtPrecision90: null, curve: [] };
  const ranks = counter.ranks();
  const point = operatingPoint(ranks, counter.scores, positives, 0.9);
  return {
    microAp: averagePrecision(ranks, positives),
    recallAtPrecision90: point && { recall: point.recall, threshold: point.threshold },
    curve: precisionRecallCurve(ranks, positives),
  };
}
