/** "Is this image a copy of something here?": candidates with normalized scores, and the thresholds of a set. */
import { permutation, random } from '../../shared/random';
import { nearest, type Nearest, type NearestOptions } from '../nearest';
import { countOf, gather, type Rows } from '../products';
import { BACKGROUND_NEIGHBOURS, backgroundOf, normalizedScore, wantsMore } from './background';
import { fitBestScores, SAME, sureCosine, type ScoreFits } from './calibrate';

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
 * @param ceiling as backgroundOf's.
 * @returns the k nearest rows, nearest first.
 */
export async function copyCandidates(
  rows: Rows,
  query: Rows,
  { self, k, ceiling }: { self: number | null; k: number; ceiling: number },
  options?: NearestOptions,
): Promise<Candidate[]> {
  const mine = self === null ? null : [self];
  const near = await nearest(rows, query, Math.max(k, BACKGROUND_NEIGHBOURS), mine, options);
  const [background] = await backgroundsOf(rows, query, { self: mine, ceiling, near }, options);
  const taken = near.rows.subarray(0, k);
  const theirs = await backgrounds(rows, taken, ceiling, options);
  return Array.from(taken, (row, i) => {
    const score = near.scores[i];
    return { row, score, normalized: normalizedScore(score, background, theirs[i]) };
  });
}

/** The background of some rows against all others. @param ceiling as backgroundOf's. */
export const backgrounds = (
  rows: Rows,
  of: ArrayLike<number>,
  ceiling: number,
  options?: NearestOptions,
): Promise<Float64Array> => backgroundsOf(rows, gather(rows, of), { self: of, ceiling }, options);

interface Backgrounds {
  /** Per query, the row that it is itself; null where queries are no rows. */
  readonly self: ArrayLike<number> | null;
  /** As backgroundOf's. */
  readonly ceiling: number;
  /** Of all queries, at least BACKGROUND_NEIGHBOURS where there are so many; where they are known already. */
  readonly near?: Nearest;
}

/** Looks at so many times more neighbours where too many of the nearest are copies. */
const FURTHER = 8;

/** The background of queries among the rows. */
export async function backgroundsOf(
  rows: Rows,
  queries: Rows,
  { self, ceiling, near: known }: Backgrounds,
  options?: NearestOptions,
): Promise<Float64Array> {
  const found = new Float64Array(countOf(queries));
  let left = [...found.keys()];
  for (let k = BACKGROUND_NEIGHBOURS; left.length > 0; k *= FURTHER) {
    const asked = left;
    const mine = self && asked.map((query) => self[query]);
    const isFirst = k === BACKGROUND_NEIGHBOURS;
    const near =
      (isFirst ? known : undefined) ?? (await nearest(rows, gather(queries, asked), k, mine, options));
    left = asked.filter((query, i) => {
      const scores = near.scores.subarray(i * near.k, (i + 1) * near.k);
      found[query] = backgroundOf(scores, ceiling);
      return near.k >= k && wantsMore(scores, ceiling);
    });
  }
  return found;
}

export interface SetScores extends ScoreFits {
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
  // Where the very same vector is in the set, the nearest other one tells how near unrelated images come.
  const places = Array.from(sample, (_, i) =>
    near.scores.subarray(i * k, (i + 1) * k).findIndex((score) => score < SAME),
  );
  const asked = [...sample.keys()].filter((i) => places[i] >= 0);
  const best = asked.map((i) => i * k + places[i]);
  const fit = (scores: readonly number[]) => fitBestScores(scores, sample.length - asked.length);
  const cosines = best.map((at) => near.scores[at]);
  const cosine = fit(cosines);
  const ceiling = sureCosine(cosine);
  const mine = await backgroundsOf(rows, gather(rows, sample), { self: sample, ceiling, near }, options);
  const others = best.map((at) => near.rows[at]);
  const theirs = await backgrounds(rows, others, ceiling, options);
  return {
    normalized: fit(cosines.map((score, i) => normalizedScore(score, mine[asked[i]], theirs[i]))),
    cosine,
    sampled: sample.length,
    background: mine.reduce((sum, value) => sum + value, 0) / mine.length,
  };
}
