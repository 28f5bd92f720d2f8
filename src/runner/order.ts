/**
 * Which images a step sees: a permutation of the data for every epoch, cut into batches. Epoch and step are all
 * it depends on, so any step of a run can be drawn again. What is left after the last whole batch of an epoch is
 * dropped: a step's batch size is fixed, and another permutation leaves out other images.
 */
import { UserError } from '../shared/errors';
import { permutation, random } from '../shared/random';

/** @throws UserError with the numbers where not even one batch fits. */
export function batchesPerEpoch(images: number, batchSize: number): number {
  if (images < batchSize)
    throw new UserError(
      `${images} training ${images === 1 ? 'image' : 'images'} and a batch of ${batchSize}: not one batch ` +
        'would be trained on',
      images < 2
        ? 'Add images: learning compares them, so one is not enough.'
        : `Set batchSize to ${largestBatch(images)} or less, or add images.`,
    );
  return Math.floor(images / batchSize);
}

/** The largest power of two that fits: what a person would pick. */
function largestBatch(images: number): number {
  return 2 ** Math.floor(Math.log2(images));
}

export interface Order {
  /** Positions in [0, images) of the batch of 0-based `step`. */
  batch(step: number): Uint32Array;
}

/** @param batchSize at most `images`. */
export function dataOrder(seed: number, images: number, batchSize: number): Order {
  const perEpoch = batchesPerEpoch(images, batchSize);
  let cached: { epoch: number; order: Uint32Array } = { epoch: -1, order: new Uint32Array() };
  return {
    batch(step) {
      const epoch = Math.floor(step / perEpoch);
      if (cached.epoch !== epoch)
        cached = { epoch, order: permutation(images, random(seed, 'order', epoch)) };
      const start = (step % perEpoch) * batchSize;
      return cached.order.subarray(start, start + batchSize);
    },
  };
}
