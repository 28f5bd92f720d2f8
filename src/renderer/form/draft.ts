/** Drafts to begin with: from a preset, a run to repeat, or weights to go on from; and what they cost or look like. */
import type { Settings } from '../../shared/api/host';
import type { RunDetail } from '../../shared/api/runs';
import type { Catalogue, Draft, Estimate, PresetDescription } from '../../shared/api/set-up';
import { isObject } from '../../shared/json-schema';
import type { RunConfig } from '../../shared/run-config';
import { HostError } from '../lib/host/problem';
import { change, formOf, knownChanges, without, type Changes } from './changes';
import { valueAt, type Config } from './paths';

/** A draft and what it is a change of. */
export interface Start {
  readonly draft: Draft;
  /** The configuration of the preset or the run. */
  readonly base: Config;
}

export const SAMPLE = 'sample';

/**
 * The preset of this id; without one the first, which is for newcomers.
 * @throws HostError where there is no such preset.
 */
export function presetOf({ presets }: Catalogue, id: string | undefined): PresetDescription {
  const found = id === undefined ? presets[0] : presets.find((preset) => preset.id === id);
  if (found) return found;
  throw new HostError(
    `There is no preset “${id}”.`,
    `There are: ${presets.map((preset) => preset.id).join(', ')}.`,
  );
}

/**
 * @param dataPath what to train on; where neither it nor the preset says so, the sample.
 * @param defaults the library's device and threads: the host takes them where a draft says nothing of them.
 */
export function startFromPreset(
  catalogue: Catalogue,
  preset: PresetDescription,
  defaults: Pick<Settings, 'device' | 'threads'>,
  dataPath?: string,
): Start {
  const device = defaults.device === 'auto' ? {} : { device: defaults.device };
  const threads = defaults.threads === 0 ? {} : { threads: defaults.threads };
  const base = { ...preset.config, ...device, ...threads };
  const path = dataPath ?? (valueAt(base, 'data.path') === undefined ? SAMPLE : undefined);
  const changes = path === undefined ? {} : change(catalogue, base, {}, 'data.path', path);
  return {
    base,
    draft: { base: { kind: 'preset', preset: preset.id }, changes, from: null, name: null },
  };
}

/**
 * Which images a preset goes on with that starts from a run's weights, as on the command line: the run's own, but what
 * needs labels takes the labelled ones where these were apart.
 */
export function imagesAfter(
  { methods }: Catalogue,
  { config }: PresetDescription,
  { path, labelled }: RunConfig['data'],
): Pick<RunConfig['data'], 'path' | 'labelled'> {
  const method = methods.find(({ id }) => id === config['method']);
  return method?.needsLabels && labelled !== null ? { path: labelled, labelled: null } : { path, labelled };
}

/** "Duplicate with changes". */
export const startFromRun = ({ row, config }: Pick<RunDetail, 'row' | 'config'>): Start => ({
  base: config,
  draft: { base: { kind: 'run', run: row.id }, changes: {}, from: null, name: null },
});

/**
 * The draft with these weights to start from, in place of those that its base names.
 * @param from null for those of the base, where it has any.
 */
export function startingFrom(start: Start, from: Draft['from']): Start {
  const { draft } = start;
  return { ...start, draft: { ...draft, from, changes: without(draft.changes, 'init') } };
}

/** The draft with random weights, also where its base names others. */
export function startingAtRandom(catalogue: Catalogue, start: Start): Start {
  const changes = change(catalogue, start.base, start.draft.changes, 'init', null);
  return { ...start, draft: { ...start.draft, from: null, changes } };
}

/** What an encoder's weights fit: its shape, and images of the size and colours that it has learned from. */
const ENCODER_SETTINGS = ['backbone', 'data.imageSize', 'data.mean', 'data.std'];

/** The draft with the encoder settings of the run or the file whose weights it takes. */
export function withEncoderOf(catalogue: Catalogue, start: Start, config: Config): Start {
  const leaves = ENCODER_SETTINGS.flatMap((path) => {
    const value = valueAt(config, path);
    if (!isObject(value)) return [[path, value] as const];
    // The kind first: it brings the others along.
    const { kind, ...rest } = value;
    return [
      [`${path}.kind`, kind] as const,
      ...Object.entries(rest).map(([key, each]) => [`${path}.${key}`, each] as const),
    ];
  });
  const changes = leaves.reduce<Changes>(
    (all, [path, value]) => change(catalogue, start.base, all, path, value),
    start.draft.changes,
  );
  return { ...start, draft: { ...start.draft, changes } };
}

/** Another preset takes the place of the old base: what is trained on, its labels and the weights stay. */
export function withPreset(
  catalogue: Catalogue,
  preset: PresetDescription,
  former: Start,
  defaults: Pick<Settings, 'device' | 'threads'>,
): Start {
  const { config } = formOf(catalogue, former.base, former.draft.changes);
  const path = valueAt(config, 'data.path');
  const next = startFromPreset(catalogue, preset, defaults, typeof path === 'string' ? path : undefined);
  const labelled = valueAt(config, 'data.labelled');
  const changes = labelled
    ? change(catalogue, next.base, next.draft.changes, 'data.labelled', labelled)
    : next.draft.changes;
  const { from, name } = former.draft;
  return {
    base: next.base,
    draft: { ...next.draft, changes: knownChanges(catalogue, next.base, changes), from, name },
  };
}

/** Two drafts with the same key show the same views. */
export const viewsKey = (config: Config): string =>
  JSON.stringify([config['method'], config['options'], config['data'], config['seed']]);

/** Two drafts with the same key cost the same per step. */
export function costKey(config: Config, from: Draft['from']): string {
  const { method, options, backbone, optimizer, data, batchSize, accumulate, clipNorm, ema } = config;
  const { init, device, threads, lowMemory } = config;
  return JSON.stringify([
    [method, options, backbone, optimizer, data, batchSize, accumulate, clipNorm, ema],
    [init, device, threads, lowMemory, from],
  ]);
}

/** A measured estimate for another length of training: a step costs the same. */
export function forLength(estimate: Estimate, config: Config): Estimate {
  const { epochs, maxSteps } = config;
  if (typeof epochs !== 'number') return estimate;
  const planned = Math.ceil(epochs * estimate.stepsPerEpoch);
  const totalSteps = typeof maxSteps === 'number' ? Math.min(planned, maxSteps) : planned;
  const secondsTotal = (totalSteps * estimate.secondsPerEpoch) / Math.max(1, estimate.stepsPerEpoch);
  return { ...estimate, totalSteps, secondsTotal };
}
