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
/** Nearest rows, the image itself not counted, that `backgroundOf` looks at. */
export const BACKGROUND_NEIGHBOURS = PASSED_OVER + AVERAGED;

/**
 * @param scores of an image's nearest rows, descending, itself not among them. In a set that has no sixth neighbour
 *   those that there are count; 0 without any.
 */
export function backgroundOf(scores: ArrayLike<number>): number {
  const all = Array.from(scores).slice(0, BACKGROUND_NEIGHBOURS);
  const background = all.length > PASSED_OVER ? all.slice(PASSED_OVER) : all;
  if (background.length === 0) return 0;
  return background.reduce((sum, score) => sum + score, 0) / background.length;
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
  `${PASSED_OVER + 1} to ${BACKGROUND_NEIGHBOURS}: the first ${PASSED_OVER} are passed over, since there may be copies among them.`;
