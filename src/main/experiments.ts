/** Experiments: their stages as runs of the library, made one after the other, and what is compared in the end. */
import type { Experiment, Stage } from '../shared/experiment';
import { nearest, UserError } from '../shared/errors';
import type { RunConfig } from '../shared/run-config';
import type { Host } from './host';
import {
  absolute,
  countSamples,
  inheritedFrom,
  onLabelled,
  resolveConfig,
  tryConfig,
  UnfitData,
  type Resolved,
} from './questions';
import { createRun } from './run-actions';
import type { Run } from './store/runs';

export interface ExperimentOptions {
  /** Before the name of each run; the experiment's id where left out. */
  name?: string | undefined;
  /** Absolute, or "sample". */
  data: string;
  /** Labelled images apart from these: what needs labels is trained on them, what needs none is evaluated on them. */
  labelled?: string | undefined;
  /** Settings of all stages, or of one where the path begins with its id: "pretrain.epochs". */
  set: readonly (readonly [path: string, value: string])[];
  /** Runs that stand for earlier stages, by the id that `from` and `teacher` name. */
  given?: Readonly<Record<string, string>>;
  /** Which of a given run's weights: `last` where left out. */
  checkpoint?: string | undefined;
}

/** @throws UserError naming the nearest experiment. */
export function findExperiment(experiments: readonly Experiment[], id: string): Experiment {
  const found = experiments.find((candidate) => candidate.id === id);
  if (found) return found;
  const ids = experiments.map((candidate) => candidate.id);
  const near = nearest(id, ids);
  throw new UserError(
    `There is no experiment "${id}".`,
    near ? `Did you mean ${near}?` : `There are: ${ids.join(', ')}.`,
    'usage',
  );
}

export const stageName = (experiment: Experiment, stage: Stage, name = experiment.id): string =>
  `${name} ${stage.id}`;

/** The id of the run of a stage: the one that was recorded as such; of an experiment without a record, by its name. */
export function runIdOfStage(
  { store }: Host,
  experiment: Experiment,
  stage: Stage,
  name = experiment.id,
): string | undefined {
  return store.experiments.get(name)?.experiment === experiment.id
    ? store.experiments.runOf(name, stage.id)
    : store.runs.idOf(stageName(experiment, stage, name));
}

/** The run of a stage that an earlier call made; undefined where there is none. */
export function runOfStage(host: Host, experiment: Experiment, stage: Stage, name?: string): Run | undefined {
  const id = runIdOfStage(host, experiment, stage, name);
  return id === undefined ? undefined : host.store.runs.get(id);
}

/**
 * Remembers what an experiment is trained with, so that it can go on from anywhere. Runs that have the names of its
 * stages by then are theirs.
 * @throws UserError (usage) where the name is that of another experiment.
 */
export function recordExperiment(host: Host, experiment: Experiment, options: ExperimentOptions): void {
  const { experiments } = host.store;
  const name = options.name ?? experiment.id;
  const known = experiments.get(name);
  if (known && known.experiment !== experiment.id) {
    throw new UserError(
      `The name "${name}" is taken: it is an experiment of ${known.experiment}.`,
      'Choose another name.',
      'usage',
    );
  }
  const made = experiment.stages.map((stage) => runIdOfStage(host, experiment, stage, name));
  experiments.put({
    name,
    experiment: experiment.id,
    data: absolute(options.data),
    labelled: options.labelled === undefined ? null : absolute(options.labelled),
    settings: options.set.map(([path, value]) => [path, value]),
    startedAt: Date.now(),
  });
  for (const [place, run] of made.entries())
    if (run !== undefined) experiments.putRun(name, experiment.stages[place].id, run);
}

/**
 * What the run of a stage is trained with whose earlier stages are done.
 * @throws UserError where a setting is wrong.
 */
export function resolveStage(
  host: Host,
  experiment: Experiment,
  stage: Stage,
  options: ExperimentOptions,
): Promise<Resolved> {
  const earlier = (id: string): string => {
    const given = options.given?.[id];
    if (given !== undefined) return given;
    const source = experiment.stages.find((candidate) => candidate.id === id)!;
    const run = runOfStage(host, experiment, source, options.name);
    if (run?.status !== 'done') throw new Error(`Stage ${id} of ${experiment.id} is not done`);
    return run.id;
  };
  const weights =
    stage.from === null
      ? undefined
      : {
          reference: earlier(stage.from),
          checkpoint: options.given?.[stage.from] === undefined ? undefined : options.checkpoint,
          freezeEncoder: false,
        };
  const teacher = stage.teacher === null ? null : earlier(stage.teacher);
  const overrides = overridesOf(experiment, stage, options, teacher);
  return resolveConfig(host, { preset: stage.preset, overrides }, weights, imagesOf(options));
}

/**
 * A queued run for a stage whose earlier stages are done.
 * @throws UserError where a setting is wrong.
 */
export async function createStage(
  host: Host,
  experiment: Experiment,
  stage: Stage,
  options: ExperimentOptions,
): Promise<{ run: Run; warnings: string[] }> {
  const { config, warnings, parent } = await resolveStage(host, experiment, stage, options);
  const name = stageName(experiment, stage, options.name);
  const run = createRun(host, config, { name, parent: parent ?? undefined });
  const record = options.name ?? experiment.id;
  if (host.store.experiments.get(record)?.experiment === experiment.id)
    host.store.experiments.putRun(record, stage.id, run.id);
  return { run, warnings };
}

/**
 * Tries the settings of all stages on the images before the first one is trained: a mistake of the last would show
 * hours later.
 * @throws UserError that names the stage and what is wrong with its settings, or why the images do not suit them.
 */
export async function checkStages(
  host: Host,
  experiment: Experiment,
  options: ExperimentOptions,
): Promise<void> {
  const configs = new Map<string, RunConfig>();
  const open: { readonly id: string; readonly config: RunConfig }[] = [];
  for (const stage of experiment.stages) {
    const made = runOfStage(host, experiment, stage, options.name);
    const config = made?.config ?? (await tryStage(host, experiment, stage, options, configs));
    configs.set(stage.id, config);
    if (!made) open.push({ id: stage.id, config });
  }
  try {
    await countSamples(
      host,
      open.map(({ config }) => config),
    );
  } catch (error) {
    if (!(error instanceof UnfitData)) throw error;
    throw ofStage(open[error.index].id, error);
  }
}

const ofStage = (stage: string, { message, hint, kind }: UserError): UserError =>
  new UserError(`Stage ${stage}: ${message}`, hint, kind);

/** The configuration that a stage would have; of weights that are not there yet only what they bring along. */
async function tryStage(
  host: Host,
  experiment: Experiment,
  stage: Stage,
  options: ExperimentOptions,
  earlier: ReadonlyMap<string, RunConfig>,
): Promise<RunConfig> {
  const source = stage.from === null ? undefined : earlier.get(stage.from);
  const overrides = [
    ...(source ? inheritedFrom(source) : []),
    ...overridesOf(experiment, stage, options, stage.teacher),
  ];
  try {
    const { config, needsLabels } = await tryConfig(host, { preset: stage.preset, overrides });
    return onLabelled(config, needsLabels, imagesOf(options));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw ofStage(stage.id, error);
  }
}

const imagesOf = ({ data, labelled }: ExperimentOptions) => ({
  path: absolute(data),
  labelled: labelled === undefined ? null : absolute(labelled),
});

/** Its own settings, the images, its teacher, and what of the options is meant for it. */
function overridesOf(
  experiment: Experiment,
  stage: Stage,
  options: ExperimentOptions,
  teacher: string | null,
): [path: string, value: string][] {
  const { path, labelled } = imagesOf(options);
  const own: Record<string, unknown> = {
    ...stage.set,
    'data.path': path,
    'data.labelled': labelled,
    ...(teacher === null ? {} : { teacher }),
  };
  return [
    ...Object.entries(own).map(([setting, value]): [string, string] => [setting, JSON.stringify(value)]),
    ...settingsOf(experiment, stage, options.set),
  ];
}

/** What of `set` is this stage's, without its id before it. */
export function settingsOf(
  { stages }: Experiment,
  { id }: Stage,
  set: ExperimentOptions['set'],
): [string, string][] {
  return set.flatMap(([path, value]): [string, string][] => {
    const [first, ...rest] = path.split('.');
    if (!stages.some((stage) => stage.id === first)) return [[path, value]];
    return first === id ? [[rest.join('.'), value]] : [];
  });
}

export interface ComparedCurve {
  /** The id of the stage. */
  readonly stage: string;
  readonly title: string;
  readonly run: Run;
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

/** The compared curve of each stage that has a run with such a metric. */
export function comparedCurves(host: Host, experiment: Experiment, name?: string): ComparedCurve[] {
  return experiment.comparison.stages.flatMap((id) => {
    const stage = experiment.stages.find((candidate) => candidate.id === id)!;
    const run = runOfStage(host, experiment, stage, name);
    if (!run) return [];
    const points = comparedPoints(host, experiment, run.id);
    return points.length > 0 ? [{ stage: id, title: stage.title, run, points }] : [];
  });
}

const MOST_POINTS = 100_000;

/** The compared metric of a run. */
export const comparedPoints = (host: Host, { comparison }: Experiment, run: string) =>
  host.store.metrics.points(run, comparison.metric, -1, MOST_POINTS);
