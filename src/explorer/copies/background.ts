/**
 * How near an image is to images that are no copies of it. In a dense region of the space every image has near
 * neighbours, and a score means less there: DISC21 and SSCD (Pizzi et al. 2022, arXiv 2202.10261, section 5) take
 * the mean score of the nearest background images away from a pair's score.
 */

/**
 * An image's nearest rows that are passed over: there may be copies of it in the set, which are no background.
 * SSCD has a background set of its own; here the set itself is the background.
 */
const PASSED_OVER = 5;
/** Neighbours whose mean is the background. */
const AVERAGED = 10;
/** Nearest rows, the image itself not counted, that `backgroundOf` looks at where no more than PASSED_OVER are copies. */
export const BACKGROUND_NEIGHBOURS = PASSED_OVER + AVERAGED;

/**
 * @param scores of an image's nearest rows, descending, itself not among them.
 * @param ceiling cosine from which on a neighbour is a copy whatever is around it: none such is background, however many
 *   there are. Infinity where that is not known.
 * @returns of a set that has too few other neighbours to pass any over, the mean of those; 0 without any.
 */
export function backgroundOf(scores: ArrayLike<number>, ceiling = Infinity): number {
  const all = Array.from(scores);
  const unlike = all.slice(passedOver(all, ceiling)).slice(0, AVERAGED);
  const background = unlike.length > 0 ? unlike : all.filter((score) => score < ceiling);
  if (background.length === 0) return 0;
  return background.reduce((sum, score) => sum + score, 0) / background.length;
}

/** Whether `backgroundOf` would look at more neighbours than these. */
export const wantsMore = (scores: ArrayLike<number>, ceiling: number): boolean =>
  scores.length < passedOver(Array.from(scores), ceiling) + AVERAGED;

function passedOver(scores: readonly number[], ceiling: number): number {
  const other = scores.findIndex((score) => score < ceiling);
  return Math.max(PASSED_OVER, other < 0 ? scores.length : other);
}

/**
 * The score of a pair less the mean of both sides' backgrounds: 0 for a pair that is as near as two unrelated images
 * of this region are, and at most 1 less that mean. (The symmetric form is that of CSLS, Conneau et al. 2018, arXiv
 * 1710.04087, equation 5, halved.)
 */
export const normalizedScore = (
  score: number,
  queryBackground: number,
  referenceBackground: number,
): number => score - (queryBackground + referenceBackground) / 2;

/** The sentence for people. */
export const BACKGROUND_SENTENCE =
  `The background of an image is the mean score of its nearest neighbours in this set, ranks ` +
  `${PASSED_OVER + 1} to ${BACKGROUND_NEIGHBOURS}: the first ${PASSED_OVER} are passed over, since there may be copies among them, ` +
  `and so are all that are copies by their cosine alone.`;
