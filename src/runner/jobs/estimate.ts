/** What a run would cost: its very step, measured for a few seconds on random images. Nothing is recorded. */
import { openImageSet } from '../../data';
import { createEncoder, createTrainingStep, findMethod } from '../../learning';
import type { MeasuredEstimate } from '../../shared/studio';
import { openJobDevice } from '../device';
import { breathe, type JobContext, type RunJob } from '../job';
import { resourcesDirectory } from '../resources';
import { median, randomBatch, timeSteps } from '../time-steps';
import { countSteps } from '../training/step-counts';
import { chooseSamples, countSamples, sampleNames } from '../training/samples';

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
      const times = await timeSteps(
        step,
        training,
        randomBatch(training.imagesPerStep, config, classes?.length ?? 1),
        async (done, total) => {
          say(context, 'training', done, total);
          await breathe(context);
        },
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

function say({ channel }: JobContext, phase: 'compiling' | 'training', done: number, total: number): void {
  channel.progress({ phase, done, total, rate: null, secondsLeft: null, epoch: null, epochs: null });
}
