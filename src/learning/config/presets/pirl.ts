/** PIRL: 2x2 tiles of small images, and the recipe of its ImageNet runs. */
import { cifar10, type Preset } from './preset';

export const pirlPresets: readonly Preset[] = [
  {
    id: 'pirl-cifar10',
    title: 'PIRL on CIFAR-10',
    summary: 'ResNet-18 with a stem for small images against shuffled 2x2 tiles of 12 px, 200 epochs.',
    published: null,
    config: {
      method: 'pirl',
      options: { grid: 2, gap: 4, negatives: 4096, imageCrop: [0.2, 1], jitter: [0.4, 0.4, 0.4, 0.1] },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: 0.06,
      schedule: { kind: 'cosine' },
      batchSize: 256,
      epochs: 200,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'pirl-imagenet',
    title: 'PIRL, the paper',
    summary:
      'ResNet-50, 3x3 tiles of 64 px, 32,000 negatives: the recipe of VISSL, 800 epochs, for up to 262,144 images.',
    published: 'ImageNet linear 63.6 % (ResNet-50, 800 epochs; the paper)',
    config: {
      method: 'pirl',
      options: { grid: 3, gap: 10, negatives: 32_000, batchNorm: false },
      backbone: { kind: 'resnet', depth: 50, stem: 'torchvision' },
      data: { imageSize: 224 },
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 1e-4 },
      // 0.03 for each 256 images.
      learningRate: 0.12,
      schedule: { kind: 'cosine', final: 0.00012 },
      batchSize: 32,
      accumulate: 32,
      epochs: 800,
      knn: { everyEpochs: 10 },
    },
  },
];
