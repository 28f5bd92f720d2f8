/** The batch of any step: images by the run's data order, with the labels. */
import type { TrainingBatch } from '../../learning';
import { dataOrder } from '../order';
import type { Selection } from './training-data';

/** @returns a function of the 0-based step; the pixels are valid until the next call. */
export function batchReader(
  { dataset, indices }: Selection,
  seed: number,
  batchSize: number,
): (step: number) => TrainingBatch {
  const order = dataOrder(seed, indices.length, batchSize);
  const pixels = new Uint8Array(batchSize * dataset.imageBytes);
  const { labels } = dataset;
  return (step) => {
    const positions = order(step);
    const chosen = positions.map((position) => indices[position]);
    return {
      images: dataset.read(chosen, pixels),
      indices: chosen,
      positions,
      ...(labels && { labels: Int32Array.from(chosen, (index) => labels[index]) }),
      step,
    };
  };
}
