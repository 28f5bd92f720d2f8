/** Figures of retrieval and copy detection, as pure functions of ranks and scores. */
export { averagePrecision, trapezoidalAveragePrecision } from './average-precision';
export { precisionAt, recallAt, revisitedPrecisionAt } from './at-k';
export { operatingPoint, precisionRecallCurve, type CurvePoint } from './precision-recall';
export { RankCounter, rankPositives, type Relation } from './rank-counter';
export { COPYDAYS, PLAIN, RetrievalSummary, REVISITED, type Counting } from './retrieval';
