/** Where the threshold of copies begins, before somebody moves it. */

/** Copies are rare: at most one pair for so many images is called one to begin with. */
const IMAGES_A_PAIR = 10;

/**
 * The suggested threshold, or higher where more pairs than one for ten images score that much: an encoder that puts
 * everything near everything would make one group of all.
 * @param score of the pairs, descending. @param suggested by calibration.
 */
export function startOf(score: Float32Array, suggested: number, images: number): number {
  const most = Math.max(1, Math.floor(images / IMAGES_A_PAIR));
  return score.length > most ? Math.max(suggested, score[most - 1]) : suggested;
}
