/** Fine-tuning with few and with all labels, against the same network from scratch: an experiment on one run's encoder. */
import { experimentSchema, type Experiment, type Stage } from '../shared/experiment';
import type { Run } from './store/runs';

export interface FineTuning {
  /** Of the labels of each class, each in (0, 1]. */
  shares: readonly number[];
  epochs: number;
  /** Whether the same network is trained from scratch as well. */
  baseline: boolean;
}

/** The stage id that stands for the run itself. */
export const PRETRAINED = 'pretrained';

/** Fine-tunes the whole network with preset `finetune`; the run's network, image size and normalization. */
export function fineTuningOf({ name, config }: Run, { shares, epochs, baseline }: FineTuning): Experiment {
  const { backbone, data } = config;
  const stage = (share: number, from: string | null): Stage => ({
    id: `${from === null ? 'scratch' : 'finetune'}-${String(share).replace('.', '-')}`,
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
    id: 'finetune',
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
