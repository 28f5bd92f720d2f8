/** The experiments that were started in a library, with their runs. */
import type { Experiment, Stage } from '../shared/experiment';
import { runIdOfStage, stageName, type ExperimentOptions } from './experiments';
import type { Host } from './host';
import type { ExperimentRecord } from './store/experiments';

export interface Started {
  readonly experiment: Experiment;
  readonly record: ExperimentRecord;
  /** In the order in which they are trained; `run` is the id, undefined where there is none yet. */
  readonly stages: readonly { readonly stage: Stage; readonly run: string | undefined }[];
}

/** Newest first; those whose runs were all deleted left out. */
export function startedExperiments(host: Host, experiments: readonly Experiment[]): Started[] {
  const recorded = host.store.experiments.list().map(({ name }) => name);
  const names = new Set([...recorded, ...experiments.map(({ id }) => id)]);
  return [...names]
    .flatMap((name) => findStarted(host, experiments, name) ?? [])
    .sort((a, b) => b.record.startedAt - a.record.startedAt);
}

/** Undefined where no run of such an experiment is in the library. */
export function findStarted(
  host: Host,
  experiments: readonly Experiment[],
  name: string,
): Started | undefined {
  const record = host.store.experiments.get(name);
  const experiment = experiments.find(({ id }) => id === (record?.experiment ?? name));
  if (!experiment) return undefined;
  const stages = experiment.stages.map((stage) => ({
    stage,
    run: runIdOfStage(host, experiment, stage, name),
  }));
  const first = stages.find(({ run }) => run !== undefined)?.run;
  if (first === undefined) return undefined;
  return { experiment, record: record ?? recordOf(host, experiment, first), stages };
}

/** The name of the started experiment that a run belongs to, also of a run that was just deleted. */
export function experimentOfRun(
  host: Host,
  experiments: readonly Experiment[],
  run: { id: string; name: string | undefined },
): string | undefined {
  const recorded = host.store.experiments.nameOf(run.id);
  if (recorded !== undefined) {
    const record = host.store.experiments.get(recorded);
    // Fine-tunings are kept as experiments are, but belong to the run that they start from.
    return experiments.some(({ id }) => id === record?.experiment) ? recorded : undefined;
  }
  return experiments.find((one) => one.stages.some((stage) => stageName(one, stage) === run.name))?.id;
}

/** What it was trained with, as the command line takes it. */
export const optionsOf = ({ name, data, labelled, settings }: ExperimentRecord): ExperimentOptions => ({
  name,
  data,
  labelled: labelled ?? undefined,
  set: settings,
});

/** Of an experiment that was started before such records were kept: what its first run tells. */
function recordOf(host: Host, { id }: Experiment, run: string): ExperimentRecord {
  const { config, createdAt } = host.store.runs.get(run);
  const { path, labelled } = config.data;
  return { name: id, experiment: id, data: path, labelled, settings: [], startedAt: createdAt };
}
