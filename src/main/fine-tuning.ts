/** Fine-tuning with few and with all labels, against the same network from scratch: an experiment on one run's encoder. */
import { isDeepStrictEqual } from 'node:util';
import { experimentSchema, type Experiment, type Stage } from '../shared/experiment';
import type { FineTunings } from '../shared/api/fine-tuning';
import type { RunConfig } from '../shared/run-config';
import {
  createStage,
  recordExperiment,
  resolveStage,
  runOfStage,
  settingsOf,
  type ExperimentOptions,
} from './experiments';
import type { Host } from './host';
import { countSamples } from './questions';
import type { Run } from './store/runs';

export interface FineTuning {
  /** Of the labels of each class, each in (0, 1]. */
  shares: readonly number[];
  epochs: number;
  /** Whether the same network is trained from scratch as well. */
  baseline: boolean;
}

/** Of which experiment the fine-tunings of a run are recorded. */
const experimentId = (run: string): string => `finetune-${run}`;

/** The stage id that stands for the run itself. */
const PRETRAINED = 'pretrained';
/** What the ids of the stages begin with that start from nothing. */
const SCRATCH = 'scratch';

/**
 * The fine-tuning with batches that its labels fill, recorded under the run's name. Where an earlier one of that name
 * was of other settings, images or weights, under the next free one: its runs stay what they are.
 * @throws UserError where settings, images and weights do not suit each other.
 */
export async function planFineTuning(
  host: Host,
  run: Run,
  what: FineTuning,
  { data, set, checkpoint }: Pick<ExperimentOptions, 'data' | 'set' | 'checkpoint'>,
): Promise<{ experiment: Experiment; options: ExperimentOptions }> {
  const whole = fineTuningOf(run, what);
  const options = { data, set, checkpoint, given: { [PRETRAINED]: run.id } };
  const configs: RunConfig[] = [];
  for (const stage of whole.stages) configs.push((await resolveStage(host, whole, stage, options)).config);
  const isAsked = whole.stages.map((stage) =>
    settingsOf(whole, stage, set).some(([path]) => path === 'batchSize'),
  );
  const counts = await countSamples(
    host,
    configs.map((config, i) => (isAsked[i] ? config : { ...config, batchSize: 1 })),
  );
  const fitting = configs.map((config, i) => ({
    ...config,
    batchSize: isAsked[i] ? config.batchSize : filled(config.batchSize, counts[i]),
  }));
  const stages = whole.stages.map((stage, i) => ({
    ...stage,
    set: { ...stage.set, batchSize: fitting[i].batchSize },
  }));
  const experiment = { ...whole, stages };
  const named = { ...options, name: freeName(host, experiment, run.name, fitting) };
  recordExperiment(host, experiment, named);
  return { experiment, options: named };
}

/**
 * Makes the runs of a fine-tuning that are not there yet: each starts from the run's weights or from scratch, so none
 * waits for another.
 * @returns those that are not done.
 */
export async function createFineTuning(
  host: Host,
  { experiment, options }: { experiment: Experiment; options: ExperimentOptions },
): Promise<Run[]> {
  const made: Run[] = [];
  for (const stage of experiment.stages) {
    const known = runOfStage(host, experiment, stage, options.name);
    made.push(known ?? (await createStage(host, experiment, stage, options)).run);
  }
  return made.filter(({ status }) => status !== 'done');
}

/** The fine-tunings of a run, newest first. */
export function fineTuningsOf(host: Host, run: string): FineTunings {
  const { experiments, runs } = host.store;
  return experiments
    .list()
    .filter(({ experiment }) => experiment === experimentId(run))
    .map(({ name, data }) => ({
      name,
      data,
      runs: [...experiments.runsOf(name)].map(([stage, id]) => ({
        run: id,
        labelShare: runs.get(id).config.data.labelShare ?? 1,
        isPretrained: !stage.startsWith(SCRATCH),
      })),
    }))
    .filter((one) => one.runs.length > 0);
}

/** The largest batch of at most `most` images that `images` fill, halved until they do. */
const filled = (most: number, images: number): number =>
  most <= images || most <= 2 ? most : filled(Math.floor(most / 2), images);

function freeName(host: Host, experiment: Experiment, name: string, configs: readonly RunConfig[]): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name} ${n}`;
    const record = host.store.experiments.get(candidate);
    if (record && record.experiment !== experiment.id) continue;
    const differs = experiment.stages.some((stage, i) => {
      const made = runOfStage(host, experiment, stage, candidate);
      return made !== undefined && !isDeepStrictEqual(made.config, configs[i]);
    });
    if (!differs) return candidate;
  }
}

/** Fine-tunes the whole network with preset `finetune`; the run's network, image size and normalization. */
function fineTuningOf({ id, name, config }: Run, { shares, epochs, baseline }: FineTuning): Experiment {
  const { backbone, data } = config;
  const stage = (share: number, from: string | null): Stage => ({
    id: `${from === null ? SCRATCH : 'finetune'}-${String(share).replace('.', '-')}`,
    title: `${from === null ? 'From scratch' : 'Fine-tuned'}, ${Number((100 * share).toPrecision(3))} % of the labels`,
    preset: 'finetune',
    set: {
      backbone,
      'data.imageSize': data.imageSize,
      'data.mean': data.mean,
      'data.std': data.std,
      'data.heldOut': data.heldOut,
      'data.labelShare': share,
      seed: config.seed,
      epochs,
    },
    from,
    teacher: null,
  });
  const stages = shares.flatMap((share) => [
    stage(share, PRETRAINED),
    ...(baseline ? [stage(share, null)] : []),
  ]);
  return experimentSchema.parse({
    id: experimentId(id),
    title: `Fine-tuning of ${name}`,
    summary: 'The whole network, trained further with labels, after pre-training and from scratch.',
    published: null,
    stages,
    comparison: {
      metric: 'testAccuracy',
      title: 'Accuracy on the evaluation images',
      stages: stages.map(({ id }) => id),
    },
  });
}
