/** What a host asks the runner before anything is trained: methods, presets, devices, a complete configuration. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { profileResultSchema, type ConfigSource } from '../shared/protocol';
import { runConfigSchema, type RunConfig } from '../shared/run-config';
import { checkpointFiles, pickCheckpoint } from './checkpoints';
import { findRun } from './find-run';
import type { Host } from './host';
import { cacheFolder } from './library';
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
  config: z.record(z.string(), z.unknown()),
});
const descriptionSchema = z.object({ methods: z.array(methodSchema), presets: z.array(presetSchema) });
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

const resolvedSchema = z.object({ config: runConfigSchema, warnings: z.array(z.string()) });
export interface Resolved {
  config: RunConfig;
  /** What the user may not expect, each as a sentence. */
  warnings: string[];
  /** The run whose weights it starts from. */
  parent: string | null;
}

type Asking = Pick<Host, 'runner'>;

export function describe({ runner }: Asking): Promise<Description> {
  return runJob(runner, { kind: 'describe' }, descriptionSchema);
}

export function devices({ runner }: Asking): Promise<DeviceInfo[]> {
  return runJob(runner, { kind: 'devices' }, z.array(deviceSchema));
}

/**
 * The complete configuration of what a user asked for: paths absolute, weights to start from as a file.
 * @param from a run or a safetensors file whose weights the run starts from. A run also gives a preset its
 *   backbone, image size and images, unless an override says otherwise.
 * @throws UserError (usage) for what is unknown or out of range, with the nearest name.
 */
export async function resolveConfig(
  host: Host,
  source: ConfigSource,
  from?: { reference: string; freezeEncoder: boolean },
): Promise<Resolved> {
  const start = from && startFrom(host, from.reference);
  const inherited: ConfigSource['overrides'] = source.preset && start ? start.inherited : [];
  if (from && start) {
    const init = { checkpoint: start.checkpoint, freezeEncoder: from.freezeEncoder };
    inherited.unshift(['init', JSON.stringify(init)]);
  }
  const { config, warnings } = await runJob(
    host.runner,
    { kind: 'resolve', source: { ...source, overrides: [...inherited, ...source.overrides] } },
    resolvedSchema,
  );
  const init = config.init && !start ? startFrom(host, config.init.checkpoint) : start;
  const { data } = config;
  return {
    config: {
      ...config,
      data: { ...data, path: absolute(data.path), labelled: data.labelled && absolute(data.labelled) },
      init: config.init && init ? { ...config.init, checkpoint: init.checkpoint } : config.init,
    },
    warnings,
    parent: init?.parent ?? null,
  };
}

/** The weights that `reference` names: a file that exists, else a run. */
function startFrom(host: Host, reference: string) {
  if (existsSync(reference)) return { checkpoint: resolve(reference), parent: null, inherited: [] };
  const { id } = findRun(host.store.runs.list(), reference);
  const { backbone, data } = host.store.runs.get(id).config;
  const files = checkpointFiles(host.library.folder, id, host.store.checkpoints.list(id));
  const inherited: ConfigSource['overrides'] = [
    ['backbone', JSON.stringify(backbone)],
    ['data.path', JSON.stringify(data.path)],
    ['data.labelled', JSON.stringify(data.labelled)],
    ['data.imageSize', JSON.stringify(data.imageSize)],
  ];
  return { checkpoint: pickCheckpoint(files, id).path, parent: id, inherited };
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
