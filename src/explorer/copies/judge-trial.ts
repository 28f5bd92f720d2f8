/** How well the scores of a set tell synthetic copies of its images from what else is near them. */
import { averagePrecision, RankCounter } from '../metrics';
import { nearest, type NearestOptions } from '../nearest';
import { dot, type Rows } from '../products';
import { BACKGROUND_NEIGHBOURS, normalizedScore } from './background';
import { quantile, scaleOf, sureCosine, verdictOf, type DecidingScore, type Thresholds } from './calibrate';
import { backgrounds, backgroundsOf, type Candidate, type SetScores } from './check';
import type { Trial } from './choose-score';

/** A distorted image. */
export interface MadeCopy {
  /** Of the image that it is made of. */
  readonly row: number;
  /** "jpeg 30", "strong". */
  readonly block: string;
  readonly vector: Float32Array;
}

export interface JudgedTrial extends Trial {
  /** Nine of ten distorted images score at least this cosine with their original. */
  readonly lowCosine: number;
}

/** Nearest other images that a distorted one may be taken for a copy of. */
const RIVALS = 5;

/** @param made at least one. @param scores of the set. */
export async function judgeTrial(
  rows: Rows,
  made: readonly MadeCopy[],
  scores: SetScores,
  options: NearestOptions,
): Promise<JudgedTrial> {
  const queries: Rows = { data: new Float32Array(made.length * rows.size), size: rows.size };
  made.forEach(({ vector }, i) => queries.data.set(vector, i * rows.size));
  const ceiling = sureCosine(scores.cosine);
  const near = await nearest(rows, queries, BACKGROUND_NEIGHBOURS, null, options);
  const mine = await backgroundsOf(rows, queries, { self: null, ceiling, near }, options);
  // What is a copy of the original itself would be no wrong answer.
  const rivals = made.map(({ row }, i) =>
    [...near.rows.subarray(i * near.k, (i + 1) * near.k)]
      .filter((other) => other !== row && dot(rows, other, rows, row) < ceiling)
      .slice(0, RIVALS),
  );
  const answers = [...new Set([...made.map(({ row }) => row), ...rivals.flat()])];
  const theirs = await backgrounds(rows, answers, ceiling, options);
  const backgroundOfRow = new Map(answers.map((row, i) => [row, theirs[i]]));
  const candidate = (i: number, row: number): Candidate => {
    const score = dot(queries, i, rows, row);
    return { row, score, normalized: normalizedScore(score, mine[i], backgroundOfRow.get(row)!) };
  };
  const right = made.map(({ row }, i) => candidate(i, row));
  const wrong = rivals.flatMap((others, i) => others.map((row) => candidate(i, row)));
  const found = (by: DecidingScore, of: readonly Candidate[]) => shares(of, by, scores);
  return {
    microAp: {
      cosine: microAp(right, wrong, ({ score }) => score),
      normalized: microAp(right, wrong, ({ normalized }) => normalized),
    },
    blocks: [...new Set(made.map(({ block }) => block))].map((name) => {
      const of = right.filter((_, i) => made[i].block === name);
      return { name, found: { cosine: found('cosine', of), normalized: found('normalized', of) } };
    }),
    lowCosine: quantile(
      right.map(({ score }) => score).sort((a, b) => a - b),
      0.1,
    ),
  };
}

function microAp(
  right: readonly Candidate[],
  wrong: readonly Candidate[],
  scoreOf: (candidate: Candidate) => number,
): number {
  const counter = new RankCounter(right.map(scoreOf));
  for (const candidate of wrong) counter.add(scoreOf(candidate));
  return averagePrecision(counter.ranks(), right.length);
}

/** That would be called a copy, and at least likely one. */
function shares(candidates: readonly Candidate[], by: DecidingScore, scores: SetScores): Thresholds {
  const verdicts = candidates.map((candidate) => verdictOf(candidate, scaleOf(scores, by)));
  const share = (...words: string[]) =>
    verdicts.filter((verdict) => words.includes(verdict)).length / verdicts.length;
  return { copy: share('copy'), likely: share('copy', 'likely') };
}
