/** Few labels, many images: FixMatch and self-training on CIFAR-10. */
import { cifar10, type Preset } from './preset';

export const semiSupervisedPresets: readonly Preset[] = [
  {
    id: 'fixmatch-cifar10',
    title: 'FixMatch on CIFAR-10, 4,000 labels',
    summary: 'ResNet-18, 400 labels a class, 7 unlabelled images for each labelled one, 300 epochs of these.',
    published: 'test accuracy 95.8 % (Wide ResNet-28-2, 2^20 steps; FixMatch-pytorch)',
    config: {
      method: 'fixmatch',
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: { ...cifar10, labelsPerClass: 400 },
      optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
      learningRate: 0.03,
      schedule: { kind: 'cosine', final: 0.006 },
      batchSize: 64,
      epochs: 300,
      ema: 0.999,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'fixmatch-paper',
    title: 'FixMatch, the paper',
    summary: '25 labels a class and as many steps as the paper takes, 2^20; weeks without a fast GPU.',
    published: 'test accuracy 95.3 % (250 labels, Wide ResNet-28-2; FixMatch-pytorch)',
    config: {
      method: 'fixmatch',
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: { ...cifar10, labelsPerClass: 25 },
      optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
      learningRate: 0.03,
      schedule: { kind: 'cosine', final: 0.006 },
      batchSize: 64,
      epochs: 10_000,
      maxSteps: 1_048_576,
      ema: 0.999,
      knn: { everyEpochs: 50 },
    },
  },
  {
    id: 'pseudo-labels-cifar10',
    title: 'Pseudo-labels on CIFAR-10, 4,000 labels',
    summary:
      'ResNet-18 on 400 labels a class; after every 10 epochs the surest 20 % more of the other images, learnt distorted.',
    published: null,
    config: {
      method: 'pseudo-labels',
      options: { strong: { jitter: [0.4, 0.4, 0.4, 0.1], grayscale: 0.2, mask: 0.4 } },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: { ...cifar10, labelsPerClass: 400 },
      optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
      learningRate: 0.05,
      schedule: { kind: 'cosine' },
      batchSize: 128,
      epochs: 80,
      ema: 0.999,
      knn: { everyEpochs: 5 },
    },
  },
];
