/** Where the threshold of copies begins, before somebody moves it. */
import type { CopiesFound } from './copies';

/** Copies are rare: at most one pair for so many images is called one to begin with. */
const IMAGES_A_PAIR = 10;

/**
 * The suggested threshold, or higher where more pairs than one for ten images score that much: an encoder that puts
 * everything near everything would make one group of all. A suggestion that no pair reaches, which may be above 1, becomes
 * the best pair's score: there is then one group to look at.
 * @param score of the pairs, descending. @param found by calibration; half way up from the floor where it suggests none.
 * @returns a cosine.
 */
export function startOf(
  score: Float32Array,
  { floor, suggested }: Pick<CopiesFound, 'floor' | 'suggested'>,
  images: number,
): number {
  const most = Math.max(1, Math.floor(images / IMAGES_A_PAIR));
  const start = suggested ?? (floor + 1) / 2;
  if (score.length === 0) return start;
  const reached = Math.min(start, score[0]);
  return score.length > most ? Math.max(reached, score[most - 1]) : reached;
}
