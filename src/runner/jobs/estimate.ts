/** What a run would cost: its very step, measured for a few seconds on random images. Nothing is recorded. */
import { openImageSet } from '../../data';
import type { Step } from '../../engine';
import {
  createEncoder,
  createTrainingStep,
  findMethod,
  type TrainingBatch,
  type TrainingStep,
} from '../../learning';
import type { RunConfig } from '../../shared/run-config';
import type { MeasuredEstimate } from '../../shared/studio';
import { openJobDevice } from '../device';
import { breathe, type JobContext, type RunJob } from '../job';
import { resourcesDirectory } from '../resources';
import { countSteps } from '../training/step-counts';
import { chooseSamples, countSamples, sampleNames } from '../training/samples';

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

export const estimate: RunJob<'estimate'> = async (
  { config, cacheDirectory },
  context,
): Promise<MeasuredEstimate> => {
  const method = findMethod(config.method);
  const encoder = createEncoder(config.backbone, config.data.imageSize);
  const { heldOut, path } = config.data;
  const options = { cacheDirectory, resourcesDirectory, signal: context.signal };
  const set = await openImageSet(path, { ...options, heldOut, seed: config.seed });
  const samples = chooseSamples(set, config, method);
  const images = countSamples(samples);
  const counts = countSteps(config, images, sampleNames(samples));
  const { classes } = set;
  const training = createTrainingStep({ config, method, encoder, classes, images, ...counts });
  say(context, 'compiling', 0, 1);
  const device = await openJobDevice(config, context);
  try {
    const began = performance.now();
    const step = await device.prepare(training.definition, training.initialState());
    const compileTime = performance.now() - began;
    try {
      const times = await measure(
        step,
        training,
        randomBatch(training.imagesPerStep, config, classes?.length ?? 1),
        context,
      );
      const stepTime = median(times);
      const { stepsPerEpoch, lastStep } = counts;
      return {
        device: device.name,
        stepTime,
        measuredSteps: times.length,
        stepsPerEpoch,
        totalSteps: lastStep,
        secondsPerEpoch: (stepTime * stepsPerEpoch) / 1000,
        secondsTotal: (stepTime * lastStep) / 1000,
        // maxRSS is in KiB.
        peakBytes: process.resourceUsage().maxRSS * 1024,
        compileTime,
        parameters: training.trainedSize,
      };
    } finally {
      await step.dispose();
    }
  } finally {
    await device.dispose();
  }
};

/** Milliseconds of each measured step, the drawing of its views included. */
async function measure(
  step: Step,
  training: TrainingStep,
  batch: (step: number) => TrainingBatch,
  context: JobContext,
): Promise<number[]> {
  const times: number[] = [];
  let measuring = 0;
  for (let done = 0; times.length === 0 || (times.length < MOST_STEPS && measuring < MOST_TIME); done++) {
    say(context, 'training', done, WARM_UP_STEPS + MOST_STEPS);
    await breathe(context);
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

/** A step takes as long whatever the images are. */
function randomBatch(
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

function say({ channel }: JobContext, phase: 'compiling' | 'training', done: number, total: number): void {
  channel.progress({ phase, done, total, rate: null, secondsLeft: null, epoch: null, epochs: null });
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
