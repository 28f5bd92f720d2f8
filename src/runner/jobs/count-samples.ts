/** How many samples runs would have, by listing their images: what does not suit is told before anything is trained. */
import { openImageSet } from '../../data';
import { findMethod } from '../../learning';
import { UserError } from '../../shared/errors';
import type { RunJob } from '../job';
import { resourcesDirectory } from '../resources';
import { chooseSamples, countSamples, sampleNames } from '../training/samples';
import { countSteps } from '../training/step-counts';

type Count = { readonly samples: number } | { readonly message: string; readonly hint: string | null };

export const countSamplesOf: RunJob<'count-samples'> = async ({ configs, cacheDirectory }, { signal }) => {
  const sets = new Map<string, ReturnType<typeof openImageSet>>();
  const counts: Count[] = [];
  for (const config of configs) {
    const { path, heldOut } = config.data;
    const { seed } = config;
    const key = JSON.stringify([path, heldOut, seed]);
    const options = { cacheDirectory, resourcesDirectory, heldOut, seed, signal };
    const set = sets.get(key) ?? openImageSet(path, options);
    sets.set(key, set);
    try {
      const samples = chooseSamples(await set, config, findMethod(config.method));
      const count = countSamples(samples);
      countSteps(config, count, sampleNames(samples));
      counts.push({ samples: count });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      counts.push({ message: error.message, hint: error.hint ?? null });
    }
  }
  return counts;
};
