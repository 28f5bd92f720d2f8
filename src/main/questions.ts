/** What a host asks the runner before anything is trained: methods, presets, devices, a complete configuration. */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import * as z from 'zod';
import { UserError } from '../shared/errors';
import { experimentSchema } from '../shared/experiment';
import { profileResultSchema, type ConfigSource, type JobOf } from '../shared/protocol';
import { runConfigSchema, type RunConfig } from '../shared/run-config';
import { checkpointFiles, pickCheckpoint } from './checkpoints';
import { findRun } from './find-run';
import type { Host } from './host';
import { cacheFolder, checkpointFolder } from './library';
import { runJob } from './supervisor/run-job';

const methodSchema = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  paper: z.object({ title: z.string(), url: z.string() }).nullish(),
  needsLabels: z.boolean(),
  /** JSON schema of the method's own settings. */
  options: z.record(z.string(), z.unknown()),
});
const presetSchema = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  /** What others have reached with it; null where nothing is published. */
  published: z.string().nullable(),
  config: z.record(z.string(), z.unknown()),
});
const descriptionSchema = z.object({
  methods: z.array(methodSchema),
  presets: z.array(presetSchema),
  experiments: z.array(experimentSchema),
});
export type Description = z.infer<typeof descriptionSchema>;

const deviceSchema = z.object({
  name: z.string(),
  title: z.string(),
  available: z.boolean(),
  /** What `auto` takes. */
  selected: z.boolean(),
  /** Why it is selected or not available. */
  reason: z.string().nullish(),
  howToGet: z.string().nullish(),
});
export type DeviceInfo = z.infer<typeof deviceSchema>;

const resolvedSchema = z.object({
  config: runConfigSchema,
  warnings: z.array(z.string()),
  needsLabels: z.boolean(),
});
export interface Resolved {
  config: RunConfig;
  /** What the user may not expect, each as a sentence. */
  warnings: string[];
  /** The run whose weights it starts from. */
  parent: string | null;
}

/** Weights to start from. */
export interface StartingWeights {
  /** A run, or a safetensors file. */
  reference: string;
  /** Which of the run's: `last` where left out. */
  checkpoint?: string | undefined;
  freezeEncoder: boolean;
}

/** What a run is to start from, or to learn from, is not there. */
export class NoSuchWeights extends UserError {
  constructor(
    /** Which setting names it. */
    readonly setting: 'init' | 'teacher',
    { message, hint, kind }: UserError,
  ) {
    super(message, hint, kind);
  }
}

/** The images of one of several configurations do not suit its settings. */
export class UnfitData extends UserError {
  constructor(
    /** Which of them. */
    readonly index: number,
    { message, hint, kind }: UserError,
  ) {
    super(message, hint, kind);
  }
}

const sampleCountSchema = z.union([
  z.object({ samples: z.int() }),
  z.object({ message: z.string(), hint: z.string().nullable() }),
]);

type Asking = Pick<Host, 'runner'>;

export function describe({ runner }: Asking): Promise<Description> {
  return runJob(runner, { kind: 'describe' }, descriptionSchema);
}

export function devices({ runner }: Asking): Promise<DeviceInfo[]> {
  return runJob(runner, { kind: 'devices' }, z.array(deviceSchema));
}

/**
 * The complete configuration of what a user asked for: paths absolute, weights to start from as a file.
 * @param weights that the run starts from. A run also gives a preset its backbone, image size, normalization and
 *   images, unless an override says otherwise.
 * @param images that were chosen for several runs and not for this one; those of the weights' run where left out.
 * @throws UserError (usage) for what is unknown or out of range, with the nearest name.
 */
export async function resolveConfig(
  host: Host,
  source: ConfigSource,
  weights?: StartingWeights,
  images?: TakenOver,
): Promise<Resolved> {
  const { config, warnings, needsLabels } = await tryConfig(host, withWeights(host, source, weights));
  const { parent, ...settled } = settle(host, config);
  const ofRun = weights && parent !== null ? host.store.runs.get(parent).config.data : null;
  return { config: onLabelled(settled.config, needsLabels, images ?? ofRun), warnings, parent };
}

/**
 * As {@link resolveConfig}, for a run that is not to be made yet: whether weights are there is not looked at.
 * @throws UserError (usage) for what is unknown or out of range, with the nearest name.
 */
export function tryConfig({ runner }: Asking, source: ConfigSource): Promise<z.infer<typeof resolvedSchema>> {
  return runJob(runner, { kind: 'resolve', source }, resolvedSchema);
}

type TakenOver = Pick<RunConfig['data'], 'path' | 'labelled'>;

/**
 * What needs labels goes on with the labelled images, where those that were learned from without labels are others.
 * @param taken which images the configuration takes over; null for none.
 */
export function onLabelled(config: RunConfig, needsLabels: boolean, taken: TakenOver | null): RunConfig {
  const { path, labelled } = config.data;
  if (!needsLabels || labelled === null || path !== taken?.path || labelled !== taken.labelled) return config;
  return { ...config, data: { ...config.data, path: labelled, labelled: null } };
}

/**
 * Samples of an epoch with each of these configurations, told by listing the images.
 * @throws UserError where images and settings do not suit each other; `index` is the configuration's.
 */
export async function countSamples(host: Host, configs: readonly RunConfig[]): Promise<number[]> {
  const cacheDirectory = cacheFolder(host.library.folder);
  const job: JobOf<'count-samples'> = { kind: 'count-samples', cacheDirectory, configs: [...configs] };
  const counts = await runJob(host.runner, job, z.array(sampleCountSchema));
  return counts.map((count, index) => {
    if ('samples' in count) return count.samples;
    throw new UnfitData(index, new UserError(count.message, count.hint ?? undefined));
  });
}

/**
 * The source with the weights it starts from, and what a preset takes from their run.
 * @throws UserError where there are no such weights.
 */
export function withWeights(host: Host, source: ConfigSource, weights?: StartingWeights): ConfigSource {
  if (!weights) return source;
  const { checkpoint, inherited } = startFrom(host, weights, 'init');
  const init = { checkpoint, freezeEncoder: weights.freezeEncoder };
  const given: ConfigSource['overrides'] = [['init', JSON.stringify(init)]];
  if (source.preset) given.push(...inherited);
  return { ...source, overrides: [...given, ...source.overrides] };
}

/**
 * Makes paths absolute, and a run that a configuration names as its weights or its teacher a file. The parent is the run
 * of the weights, or where there are none the teacher's.
 * @throws UserError where there are no such weights.
 */
export function settle(host: Host, config: RunConfig): Pick<Resolved, 'config' | 'parent'> {
  const { data, init, teacher } = config;
  const start = init && startFrom(host, { reference: init.checkpoint }, 'init');
  const taught = teacher === null ? null : startFrom(host, { reference: teacher }, 'teacher');
  return {
    config: {
      ...config,
      data: { ...data, path: absolute(data.path), labelled: data.labelled && absolute(data.labelled) },
      init: init && start ? { ...init, checkpoint: start.checkpoint } : init,
      teacher: taught?.checkpoint ?? null,
    },
    parent: start?.parent ?? taught?.parent ?? null,
  };
}

/** The weights that `reference` names: a file that exists, else a run. */
function startFrom(
  host: Host,
  weights: Pick<StartingWeights, 'reference' | 'checkpoint'>,
  setting: NoSuchWeights['setting'],
) {
  try {
    return findWeights(host, weights);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new NoSuchWeights(setting, error);
  }
}

function findWeights(
  host: Host,
  { reference, checkpoint }: Pick<StartingWeights, 'reference' | 'checkpoint'>,
) {
  if (existsSync(reference)) {
    const file = resolve(reference);
    return { checkpoint: file, parent: runOfCheckpoint(host, file), inherited: [] };
  }
  const { id } = findRun(host.store.runs.list(), reference);
  const files = checkpointFiles(host.library.folder, id, host.store.checkpoints.list(id));
  const inherited = inheritedFrom(host.store.runs.get(id).config);
  return { checkpoint: pickCheckpoint(files, id, checkpoint).path, parent: id, inherited };
}

/** What a preset takes over from the run whose weights it starts from. */
export const inheritedFrom = ({ backbone, data }: RunConfig): [path: string, value: string][] => [
  ['backbone', JSON.stringify(backbone)],
  ['data.path', JSON.stringify(data.path)],
  ['data.labelled', JSON.stringify(data.labelled)],
  ['data.imageSize', JSON.stringify(data.imageSize)],
  ['data.mean', JSON.stringify(data.mean)],
  ['data.std', JSON.stringify(data.std)],
];

/** The run of this library that wrote `file`; null where none did. */
function runOfCheckpoint(host: Host, file: string): string | null {
  const id = basename(dirname(dirname(file)));
  const isIts = dirname(file) === resolve(checkpointFolder(host.library.folder, id));
  return isIts && host.store.runs.list().some((run) => run.id === id) ? id : null;
}

/** Absolute, so that a run can be resumed from anywhere. "sample" is no path but the images that ship with us. */
export const absolute = (path: string): string => (path === 'sample' ? path : resolve(path));

/** Where the time of `steps` training steps goes and what the step is, both as text. Nothing is recorded. */
export function profile(
  host: Host,
  config: RunConfig,
  steps: number,
): Promise<z.infer<typeof profileResultSchema>> {
  const cacheDirectory = cacheFolder(host.library.folder);
  return runJob(host.runner, { kind: 'profile', cacheDirectory, config, steps }, profileResultSchema);
}
