/** Where the threshold of copies begins, before somebody moves it. */

/** Copies are rare: at most one pair for so many images is called one to begin with. */
const IMAGES_A_PAIR = 10;

/**
 * The middle between the lowest score that was looked for and 1, or higher where more pairs than one for ten images
 * score that much: encoders that put everything near everything would make one group of all.
 * @param score of the pairs, descending.
 */
export function startOf(score: Float32Array, low: number, images: number): number {
  const middle = (low + 1) / 2;
  const most = Math.max(1, Math.floor(images / IMAGES_A_PAIR));
  return score.length > most ? Math.max(middle, score[most - 1]) : middle;
}
