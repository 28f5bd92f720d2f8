/** How many steps a run has. Pure: a continued run comes to the same numbers. */
import { UserError } from '../../shared/errors';
import type { RunConfig } from '../../shared/run-config';

export interface StepCounts {
  /** Whole batches only; see ../order.ts. */
  readonly stepsPerEpoch: number;
  /** Steps of all epochs: what schedules are stretched over. */
  readonly totalSteps: number;
  /** Where training ends: before `totalSteps` where `maxSteps` says so. */
  readonly lastStep: number;
}

/**
 * @param images in the training set, or samples. The third says what one and many of them are called.
 * @throws UserError with the numbers where they do not fill one batch.
 */
export function countSteps(
  { batchSize, epochs, maxSteps }: Pick<RunConfig, 'batchSize' | 'epochs' | 'maxSteps'>,
  images: number,
  [one, many] = ['training image', 'training images'],
): StepCounts {
  if (images < batchSize)
    throw new UserError(
      `${images} ${images === 1 ? `${one} does` : `${many} do`} not fill one batch of ${batchSize}: ` +
        'there would be 0 steps',
      images < 2
        ? 'Add images: learning compares them, so one is not enough.'
        : `Set batchSize to ${2 ** Math.floor(Math.log2(images))} or less, or add images.`,
    );
  const stepsPerEpoch = Math.floor(images / batchSize);
  const totalSteps = Math.max(1, Math.round(epochs * stepsPerEpoch));
  return { stepsPerEpoch, totalSteps, lastStep: Math.min(totalSteps, maxSteps ?? totalSteps) };
}
