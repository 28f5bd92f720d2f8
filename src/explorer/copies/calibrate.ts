/**
 * From which score on a pair is called a copy. Two images that are no copies of each other score high now and then,
 * and more so the more images there are: the thresholds are where that happens to one image in a thousand ("copy")
 * or one in a hundred ("likely").
 */

/** Chance that the best of all images that are no copies reaches the threshold, by verdict. */
export const FALSE_ALARMS = { copy: 0.001, likely: 0.01 } as const;

export interface Thresholds {
  readonly copy: number;
  readonly likely: number;
}

/**
 * A Gumbel distribution, which is what the largest of many scores follows (Gumbel 1958; Coles 2001, section 3.1).
 * Fitted by the lower quartile and the median, and again without what stands out, so that copies among the images
 * hardly move it as long as less than half of the images have some.
 */
export interface BestScores {
  readonly location: number;
  readonly scale: number;
  /** Images that it was fitted on. */
  readonly images: number;
  /** Images that stood out and were left out: those with a copy in the set, as far as the encoder can tell. */
  readonly outliers: number;
}

/** Fewer best scores say nothing about one in a thousand. */
export const LEAST_IMAGES = 20;
/** The fit settles sooner. */
const ROUNDS = 10;

/**
 * @param scores of each sampled image with its nearest neighbour in the set.
 * @param copied images that have nothing but copies near them and are not among these: they are counted as outliers.
 * @returns null with fewer than LEAST_IMAGES, or where half of the images score the same.
 */
export function fitBestScores(scores: ArrayLike<number>, copied = 0): BestScores | null {
  const sorted = Float64Array.from(scores).sort();
  let kept = sorted;
  for (let round = 0; ; round++) {
    if (kept.length < LEAST_IMAGES) return null;
    const [low, middle] = [quantile(kept, 0.25), quantile(kept, 0.5)];
    const scale = (middle - low) / (standard(0.5) - standard(0.25));
    if (scale <= 0) return null;
    const location = middle - scale * standard(0.5);
    const bar = scoreAt({ location, scale }, 1 - FALSE_ALARMS.likely);
    const below = sorted.filter((score) => score < bar);
    if (below.length === kept.length || round === ROUNDS)
      return { location, scale, images: kept.length, outliers: copied + sorted.length - kept.length };
    kept = below;
  }
}

/** The score that the best of an image's unrelated neighbours stays below with this probability. */
export const scoreAt = (
  { location, scale }: Pick<BestScores, 'location' | 'scale'>,
  probability: number,
): number => location + scale * standard(probability);

export const thresholdsOf = (best: BestScores): Thresholds => ({
  copy: scoreAt(best, 1 - FALSE_ALARMS.copy),
  likely: scoreAt(best, 1 - FALSE_ALARMS.likely),
});

/** The quantile of the standard Gumbel distribution. */
const standard = (probability: number): number => -Math.log(-Math.log(probability));

/** Linear between the two nearest. @param sorted ascending, at least one. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/** A cosine from which on two vectors are the same but for rounding. */
export const SAME = 1 - 1e-6;

/** Which score of a pair says whether it is a copy; see ./choose-score.ts. */
export type DecidingScore = 'cosine' | 'normalized';

/** How near unrelated images of a set are, by either score; null where that is not known. */
export type ScoreFits = Readonly<Record<DecidingScore, BestScores | null>>;

/** What verdicts go by. */
export interface VerdictScale {
  readonly by: DecidingScore;
  /** Of that score; null where there are none: then no pair is a copy. */
  readonly thresholds: Thresholds | null;
  /** Of that score, what the nearest of unrelated images has at the median; null where that is not known. */
  readonly usual: number | null;
  /** Cosine from which on a pair is a copy, whatever is around it; Infinity where that is not known. */
  readonly sure: number;
}

export function scaleOf(fits: ScoreFits, by: DecidingScore): VerdictScale {
  const fit = fits[by];
  const sure = sureCosine(fits.cosine);
  const usual = by === 'normalized' ? 0 : fit && scoreAt(fit, 0.5);
  if (!fit) return { by, thresholds: null, usual, sure };
  const { copy, likely } = thresholdsOf(fit);
  // Extrapolated, a cosine may come out above 1: equal vectors are copies all the same.
  const thresholds = by === 'normalized' ? { copy, likely } : { copy: sure, likely: Math.min(sure, likely) };
  return { by, thresholds, usual, sure };
}

/** @param cosine how near unrelated images come. @returns as VerdictScale.sure. */
export const sureCosine = (cosine: BestScores | null): number =>
  cosine ? Math.min(SAME, thresholdsOf(cosine).copy) : Infinity;

export type Verdict = 'copy' | 'likely' | 'similar' | 'no';

/** @param pair its normalized score is above 0 where it is nearer than unrelated images are. */
export function verdictOf(
  pair: Readonly<{ score: number; normalized: number }>,
  { by, thresholds, usual, sure }: VerdictScale,
): Verdict {
  const deciding = by === 'cosine' ? pair.score : pair.normalized;
  if (pair.score >= sure || (thresholds && deciding >= thresholds.copy)) return 'copy';
  if (thresholds && deciding >= thresholds.likely) return 'likely';
  const isNear = usual === null ? pair.normalized > 0 : deciding > usual;
  return isNear ? 'similar' : 'no';
}
