/** "Is this image a copy of something here?": candidates with normalized scores, and the thresholds of a set. */
import { permutation, random } from '../../shared/random';
import { nearest, type NearestOptions } from '../nearest';
import { countOf, gather, type Rows } from '../products';
import { BACKGROUND_NEIGHBOURS, backgroundOf, normalizedScore } from './background';
import { fitBestScores, type BestScores } from './calibrate';

/** Images whose nearest neighbours calibrate a set. */
const SAMPLED = 500;

export interface Candidate {
  readonly row: number;
  /** Cosine. */
  readonly score: number;
  readonly normalized: number;
}

/**
 * @param query one row. @param self the row that the query itself is; null for an image from elsewhere.
 * @returns the k nearest rows, nearest first.
 */
export async function copyCandidates(
  rows: Rows,
  query: Rows,
  self: number | null,
  k: number,
  options?: NearestOptions,
): Promise<Candidate[]> {
  const near = await nearest(
    rows,
    query,
    Math.max(k, BACKGROUND_NEIGHBOURS),
    self === null ? null : [self],
    options,
  );
  const mine = backgroundOf(near.scores);
  const taken = near.rows.subarray(0, k);
  const theirs = await backgrounds(rows, taken, options);
  return Array.from(taken, (row, i) => {
    const score = near.scores[i];
    return { row, score, normalized: normalizedScore(score, mine, theirs[i]) };
  });
}

/** The background of some rows against all others. */
export async function backgrounds(
  rows: Rows,
  of: ArrayLike<number>,
  options?: NearestOptions,
): Promise<Float64Array> {
  const { k, scores } = await nearest(rows, gather(rows, of), BACKGROUND_NEIGHBOURS, of, options);
  return Float64Array.from({ length: of.length }, (_, i) =>
    backgroundOf(scores.subarray(i * k, (i + 1) * k)),
  );
}

export interface SetScores {
  /** Of each sampled image with its nearest neighbour. */
  readonly normalized: BestScores | null;
  readonly cosine: BestScores | null;
  readonly sampled: number;
  /** Mean background of the sampled images. */
  readonly background: number;
}

/** How near unrelated images of a set are, from a sample of it; the same for the same set. */
export async function measureSet(rows: Rows, options?: NearestOptions): Promise<SetScores> {
  const count = countOf(rows);
  const sample = permutation(count, random(0, 'copies', 1)).subarray(0, SAMPLED);
  const near = await nearest(rows, gather(rows, sample), BACKGROUND_NEIGHBOURS, sample, options);
  const { k } = near;
  if (k === 0) return { normalized: null, cosine: null, sampled: sample.length, background: 0 };
  const mine = Float64Array.from(sample, (_, i) => backgroundOf(near.scores.subarray(i * k, (i + 1) * k)));
  const firsts = Uint32Array.from(sample, (_, i) => near.rows[i * k]);
  const cosines = Float64Array.from(sample, (_, i) => near.scores[i * k]);
  const theirs = await backgrounds(rows, firsts, options);
  return {
    normalized: fitBestScores(cosines.map((score, i) => normalizedScore(score, mine[i], theirs[i]))),
    cosine: fitBestScores(cosines),
    sampled: sample.length,
    background: mine.reduce((sum, value) => sum + value, 0) / mine.length,
  };
}
