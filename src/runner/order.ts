/**
 * Which images a step sees: a permutation of the data for every epoch, cut into batches. Epoch and step are all
 * it depends on, so any step of a run can be drawn again. What is left after the last whole batch of an epoch is
 * dropped: a step's batch size is fixed, and another permutation leaves out other images.
 */
import { permutation, random } from '../shared/random';

/** @returns positions in [0, images) of the batch of a 0-based step. @param batchSize at most `images`. */
export function dataOrder(seed: number, images: number, batchSize: number): (step: number) => Uint32Array {
  const perEpoch = Math.floor(images / batchSize);
  let cached: { epoch: number; order: Uint32Array } = { epoch: -1, order: new Uint32Array() };
  return (step) => {
    const epoch = Math.floor(step / perEpoch);
    if (cached.epoch !== epoch) cached = { epoch, order: permutation(images, random(seed, 'order', epoch)) };
    const start = (step % perEpoch) * batchSize;
    return cached.order.subarray(start, start + batchSize);
  };
}

/**
 * As `dataOrder` without epochs: one permutation after the other, so that a batch may be larger than the data.
 * @param draw separates the orders of one seed.
 * @returns positions, and how many permutations went before each.
 */
export function repeatedOrder(
  seed: number,
  images: number,
  batchSize: number,
  draw = 2,
): (step: number) => { positions: Uint32Array; rounds: Uint32Array } {
  let cached: { round: number; order: Uint32Array } = { round: -1, order: new Uint32Array() };
  return (step) => {
    const positions = new Uint32Array(batchSize);
    const rounds = new Uint32Array(batchSize);
    for (let i = 0; i < batchSize; i++) {
      const place = step * batchSize + i;
      const round = Math.floor(place / images);
      if (cached.round !== round)
        cached = { round, order: permutation(images, random(seed, 'order', round, 0, draw)) };
      positions[i] = cached.order[place % images];
      rounds[i] = round;
    }
    return { positions, rounds };
  };
}
