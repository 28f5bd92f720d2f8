/** Which cells of an attention map hold the largest part of its mass. */

/**
 * The fewest cells that together hold `share` of the mass, largest first, as DINO's figures have them
 * (https://arxiv.org/abs/2104.14294, `visualize_attention.py`, where 0.6 is usual).
 * @param values not negative. @param share in [0, 1]; 1 takes all.
 */
export function massMask(values: readonly number[], share: number): boolean[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (share >= 1 || total <= 0) return values.map(() => true);
  const order = values.map((_, index) => index).sort((a, b) => values[b] - values[a]);
  const kept = values.map(() => false);
  let mass = 0;
  for (const index of order) {
    // A hair less, for sums that are not quite what they should be.
    if (mass >= share * total * (1 - 1e-9)) break;
    kept[index] = true;
    mass += values[index];
  }
  return kept;
}

/** @returns values over the largest, in [0, 1]; all 0 where there is nothing. */
export function relative(values: readonly number[]): number[] {
  const most = values.reduce((max, value) => Math.max(max, value), 0);
  return values.map((value) => (most > 0 ? value / most : 0));
}
