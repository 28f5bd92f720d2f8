/** Jigsaw puzzles: 2x2 tiles of small images, and the recipe of its ImageNet runs. */
import { cifar10, type Preset } from './preset';

export const jigsawPresets: readonly Preset[] = [
  {
    id: 'jigsaw-cifar10',
    title: 'Jigsaw on CIFAR-10',
    summary: 'ResNet-18 with a stem for small images tells the 24 orders of 2x2 tiles of 12 px, 200 epochs.',
    published: null,
    config: {
      method: 'jigsaw',
      options: { grid: 2, gap: 4, permutations: 24, hidden: 512 },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: 0.1,
      schedule: { kind: 'cosine' },
      batchSize: 256,
      epochs: 200,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'jigsaw-imagenet',
    title: 'Jigsaw, the paper',
    summary: 'ResNet-50, 3x3 tiles of 64 px in cells of 85 px, 2,000 orders: the recipe of VISSL.',
    published: 'ImageNet linear 45.7 % (ResNet-50; Goyal et al. 2019)',
    config: {
      method: 'jigsaw',
      options: { grid: 3, gap: 21, permutations: 2000, hidden: 1000, cropScale: [0.99, 1], grayscale: 0.66 },
      backbone: { kind: 'resnet', depth: 50, stem: 'torchvision' },
      data: { imageSize: 255 },
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 1e-4 },
      // 0.1 for each 256 images.
      learningRate: 0.1,
      schedule: { kind: 'step', warmupEpochs: 5, milestones: [30, 60, 90, 100], gamma: 0.1 },
      batchSize: 32,
      accumulate: 8,
      epochs: 105,
      knn: { everyEpochs: 5 },
    },
  },
];
