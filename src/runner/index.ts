/** Where a job's process starts. The host forks it, gives it one job, and hears of it over the fork channel. */
import { serve, type Host } from './child';
import type { Jobs } from './job';

const jobs: Jobs = {
  describe: async () => (await import('./jobs/describe')).describe,
  resolve: async () => (await import('./jobs/resolve')).resolve,
  devices: async () => (await import('./jobs/devices')).devices,
  train: async () => (await import('./jobs/train')).train,
  profile: async () => (await import('./jobs/profile')).profile,
  evaluate: async () => (await import('./jobs/evaluate')).evaluate,
  embed: async () => (await import('./jobs/embed')).embed,
  'inspect-encoder': async () => (await import('./jobs/inspect-encoder')).inspectEncoder,
  'embed-set': async () => (await import('./jobs/embed-set')).embedSet,
  'export-set': async () => (await import('./jobs/export-set')).exportSet,
  export: async () => (await import('./jobs/export')).exportEncoder,
  estimate: async () => (await import('./jobs/estimate')).estimate,
  studio: async () => (await import('./jobs/studio')).studio,
  'index-set': async () => (await import('./jobs/index-set')).indexSet,
  search: async () => (await import('./jobs/search')).search,
  'find-copies': async () => (await import('./jobs/find-copies')).findCopies,
  'measure-set': async () => (await import('./jobs/measure-set')).measureSet,
  'make-copies': async () => (await import('./jobs/make-copies')).makeCopies,
  'image-facts': async () => (await import('./jobs/image-facts')).imageFacts,
  'map-set': async () => (await import('./jobs/map-set')).mapSet,
  'count-samples': async () => (await import('./jobs/count-samples')).countSamplesOf,
  'data-check': async () => (await import('./jobs/data-check')).dataCheck,
};

if (process.send) {
  serve(process as unknown as Host, jobs);
} else {
  console.error(
    'This is the part of Selvedge that does the work; it is started by `npx selvedge`, not by hand.',
  );
  process.exitCode = 2;
}
