/** `selvedge train --profile`: where the time of a run's steps goes, measured on its own images. */
import type * as z from 'zod';
import { formatProfile, printStep } from '../../engine';
import { createEncoder, createTrainingStep, findMethod } from '../../learning';
import { UserError } from '../../shared/errors';
import type { profileResultSchema } from '../../shared/protocol';
import { openJobDevice } from '../device';
import type { RunJob } from '../job';
import { batchReader } from '../training/batches';
import { countSamples, sampleNames } from '../training/samples';
import { startFromWeights } from '../training/start-from-weights';
import { countSteps } from '../training/step-counts';
import { openTrainingData } from '../training/training-data';

export const profile: RunJob<'profile'> = async (
  job,
  context,
): Promise<z.infer<typeof profileResultSchema>> => {
  const { config, steps } = job;
  const method = findMethod(config.method);
  const encoder = createEncoder(config.backbone, config.data.imageSize);
  const data = await openTrainingData(config, job.cacheDirectory, method, context);
  try {
    const { dataset, samples } = data;
    const images = countSamples(samples);
    const counts = countSteps(config, images, sampleNames(samples));
    const { classes } = dataset;
    const step = createTrainingStep({ config, method, encoder, classes, images, ...counts });
    const { definition, ...training } = step;
    const state = await startFromWeights(training.initialState(), config, context);
    const inputs = training.inputs(batchReader(dataset, samples, config)(0));
    const device = await openJobDevice(config, context);
    try {
      if (!device.profile)
        throw new UserError(
          `Device "${device.name}" runs a step op by op and cannot profile it`,
          'Profile a device that compiles the step, e.g. --device cpu.',
        );
      const measured = await device.profile(definition, state, inputs, steps);
      return { profile: formatProfile(measured), step: await printStep(definition) };
    } finally {
      await device.dispose();
    }
  } finally {
    data.close();
  }
};
