/** Experiments: their stages as runs of the library, made one after the other, and what is compared in the end. */
import type { Experiment, Stage } from '../shared/experiment';
import { nearest, UserError } from '../shared/errors';
import type { Host } from './host';
import { absolute, resolveConfig } from './questions';
import { createRun } from './run-actions';
import type { Run } from './store/runs';

export interface ExperimentOptions {
  /** Before the name of each run; the experiment's id where left out. */
  name?: string | undefined;
  /** Absolute, or "sample". */
  data: string;
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

/** The run of a stage that an earlier call made; undefined where there is none. */
export function runOfStage(host: Host, experiment: Experiment, stage: Stage, name?: string): Run | undefined {
  const wanted = stageName(experiment, stage, name);
  const found = host.store.runs.list().find((run) => run.name === wanted);
  return found && host.store.runs.get(found.id);
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
  const overrides: [string, string][] = [
    ...Object.entries(stage.set).map(([path, value]): [string, string] => [path, JSON.stringify(value)]),
    ['data.path', JSON.stringify(absolute(options.data))],
    ...(options.labelled === undefined
      ? []
      : [['data.labelled', JSON.stringify(absolute(options.labelled))] as [string, string]]),
    ...(stage.teacher === null
      ? []
      : [['teacher', JSON.stringify(earlier(stage.teacher))] as [string, string]]),
    ...settingsOf(experiment, stage, options.set),
  ];
  const { config, warnings, parent } = await resolveConfig(
    host,
    { preset: stage.preset, overrides },
    weights,
  );
  const name = stageName(experiment, stage, options.name);
  return { run: createRun(host, config, { name, parent: parent ?? undefined }), warnings };
}

/** What of `set` is this stage's, without its id before it. */
function settingsOf(
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
  readonly title: string;
  readonly run: Run;
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

const MOST_POINTS = 100_000;

/** The compared curve of each stage that has a run with such a metric. */
export function comparedCurves(host: Host, experiment: Experiment, name?: string): ComparedCurve[] {
  const { metric, stages } = experiment.comparison;
  return stages.flatMap((id) => {
    const stage = experiment.stages.find((candidate) => candidate.id === id)!;
    const run = runOfStage(host, experiment, stage, name);
    if (!run) return [];
    const points = host.store.metrics.points(run.id, metric, -1, MOST_POINTS);
    return points.length > 0 ? [{ title: stage.title, run, points }] : [];
  });
}
