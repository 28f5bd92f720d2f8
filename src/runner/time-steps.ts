/** How long steps of a run take, on random images: a step takes as long whatever the images are. */
import type { Step } from '../engine';
import type { TrainingBatch, TrainingStep } from '../learning';
import type { RunConfig } from '../shared/run-config';

/**
 * The first steps allocate and warm caches up. The second of them is left out only where it is quick, the first
 * unless it takes `LONG_STEP` milliseconds: against that warming up is nothing, and nobody waits for three of them.
 */
const WARM_UP_STEPS = 2;
const LONG_STEP = 10_000;
/** Enough for a median. */
const MOST_STEPS = 5;
/** No step is begun after this much measuring, milliseconds; one is always measured. */
const MOST_TIME = 3000;

/**
 * Milliseconds of each measured step, the drawing of its views included.
 * @param before called before each step; may throw to end the measuring.
 */
export async function timeSteps(
  step: Step,
  training: TrainingStep,
  batch: (step: number) => TrainingBatch,
  before: (done: number, total: number) => Promise<void> = async () => {},
): Promise<number[]> {
  const times: number[] = [];
  let measuring = 0;
  for (let done = 0; times.length === 0 || (times.length < MOST_STEPS && measuring < MOST_TIME); done++) {
    await before(done, WARM_UP_STEPS + MOST_STEPS);
    const began = performance.now();
    await step.run(training.inputs(batch(done)));
    const time = performance.now() - began;
    const warmsUp = done === 0 ? time < LONG_STEP : done < WARM_UP_STEPS && time < MOST_TIME / MOST_STEPS;
    if (warmsUp) continue;
    times.push(time);
    measuring += time;
  }
  return times;
}

export function randomBatch(
  imagesPerStep: number,
  { batchSize, data }: RunConfig,
  classes: number,
): (step: number) => TrainingBatch {
  const images = new Uint8Array(imagesPerStep * data.imageSize ** 2 * 3);
  // Knuth's multiplicative hash: no two images alike, and no time spent.
  for (let i = 0; i < images.length; i++) images[i] = Math.imul(i, 2_654_435_761) >>> 24;
  const indices = Uint32Array.from({ length: imagesPerStep }, (_, i) => i);
  const samples = indices.subarray(0, batchSize);
  const labels = Int32Array.from(indices, (i) => i % classes);
  return (step) => ({ images, indices, samples, labels, positions: samples, step });
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
