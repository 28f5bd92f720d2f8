/** Configurations to start from: the experiments of the papers, and one that shows learning in minutes. */
import { nearest, UserError } from '../../shared/errors';
import type { RunConfigInput } from '../../shared/run-config';

export interface Preset {
  readonly id: string;
  readonly title: string;
  /** One sentence for the list. */
  readonly summary: string;
  /** What others have published for it, with the source; null where there is nothing to compare with. */
  readonly published: string | null;
  /** `data.path` is left to the user, but where images that ship with Selvedge are meant. */
  readonly config: PresetConfig;
}

type PresetConfig = Omit<RunConfigInput, 'data'> & { readonly data: Partial<RunConfigInput['data']> };

/** Statistics that CIFAR-10 work is normalized with. */
const cifar10: Partial<RunConfigInput['data']> = {
  imageSize: 32,
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.2023, 0.1994, 0.201],
};

/** In the order in which they are offered. */
export const presets: readonly Preset[] = [
  {
    id: 'quick',
    title: 'Quick look',
    summary:
      'SimCLR with a narrow ResNet-18 on the images that ship with Selvedge: learning seen in minutes.',
    published: null,
    config: {
      method: 'simclr',
      options: { temperature: 0.2, projector: { hidden: 256, out: 64 } },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar', width: 0.25 },
      data: { ...cifar10, path: 'sample' },
      optimizer: { kind: 'adam', weightDecay: 1e-5 },
      learningRate: 2e-3,
      schedule: { kind: 'cosine', warmupEpochs: 0.5 },
      batchSize: 128,
      epochs: 4,
      knn: { everyEpochs: 1 },
    },
  },
  {
    id: 'simclr-cifar10',
    title: 'SimCLR on CIFAR-10',
    summary: 'ResNet-18 with a stem for small images, two distorted views of each image, 200 epochs.',
    published:
      'k-NN 84.7 % (200 epochs, batch 128; lightly), linear 90.7 % (1000 epochs, batch 256; solo-learn)',
    config: {
      method: 'simclr',
      options: {
        temperature: 0.5,
        projector: { hidden: 2048, out: 128, layers: 2, batchNorm: false },
        views: { cropScale: [0.08, 1], jitterStrength: 0.5, grayscale: 0.2, flip: 0.5, blur: 0 },
      },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      // 0.06 for each 128 images, as lightly's CIFAR-10 runs.
      learningRate: 0.12,
      schedule: { kind: 'cosine' },
      batchSize: 256,
      epochs: 200,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'supervised-cifar10',
    title: 'Supervised on CIFAR-10',
    summary:
      'The same ResNet-18 trained with labels: the baseline, and with init.checkpoint its fine-tuning.',
    published: 'test accuracy 93.0 % (kuangliu/pytorch-cifar)',
    config: {
      method: 'supervised',
      options: { padCrop: 4, flip: 0.5 },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: 0.1,
      schedule: { kind: 'cosine' },
      batchSize: 128,
      epochs: 200,
      knn: { everyEpochs: 5 },
    },
  },
];

/** @throws UserError naming the nearest preset. */
export function findPreset(id: string): Preset {
  const preset = presets.find((candidate) => candidate.id === id);
  if (preset) return preset;
  const ids = presets.map((candidate) => candidate.id);
  const near = nearest(id, ids);
  throw new UserError(
    `There is no preset "${id}"`,
    near ? `Did you mean "${near}"?` : `Presets: ${ids.join(', ')}.`,
    'usage',
  );
}
