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
