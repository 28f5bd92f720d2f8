/** BYOL: the paper's recipe, one for images of CIFAR-10's size, and the experiment on STL-10. */
import { cifar10, type Preset } from './preset';

export const byolPresets: readonly Preset[] = [
  {
    id: 'byol-cifar10',
    title: 'BYOL on CIFAR-10',
    summary: 'ResNet-18 with a stem for small images and the heads of lightly’s short runs, 200 epochs.',
    published:
      'k-NN 86.9 % (200 epochs, batch 128; lightly), linear 92.6 % (1000 epochs, batch 256; solo-learn)',
    config: {
      method: 'byol',
      options: {
        projector: { hidden: 1024, out: 256 },
        predictor: { hidden: 1024 },
        momentum: [0.99, 0.99],
        views: { solarize: [0, 0.2] },
      },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: 0.12,
      schedule: { kind: 'cosine' },
      batchSize: 256,
      epochs: 200,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'byol-stl10',
    title: 'BYOL on STL-10',
    summary:
      'ResNet-18 with torchvision’s stem at 96 px, projector 4096-256, a linear predictor, batches of 128 accumulated to 2048, 50 epochs.',
    published: 'above the same network trained with labels alone, about 85 % (the experiment it reproduces)',
    config: {
      method: 'byol',
      options: {
        projector: { hidden: 4096, out: 256 },
        predictor: { kind: 'linear' },
        momentum: [0.99, 0.99],
        views: {
          jitter: [0.8, 0.8, 0.8, 0.2],
          blur: [0.1, 0.1],
          blurSigma: [1.5, 1.5],
          solarize: [0, 0],
        },
      },
      backbone: { kind: 'resnet', depth: 18, stem: 'torchvision' },
      data: { imageSize: 96 },
      optimizer: { kind: 'adam', weightDecay: 1e-6 },
      learningRate: 1e-4,
      schedule: { kind: 'constant' },
      batchSize: 128,
      accumulate: 16,
      epochs: 50,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'byol-imagenet',
    title: 'BYOL, the paper',
    summary:
      'ResNet-50 at 224 px with LARS for 1000 epochs, for batches of 4096 images: accumulate to get there.',
    published: 'ImageNet linear 74.3 % (1000 epochs, batch 4096; the paper)',
    config: {
      method: 'byol',
      options: { momentum: [0.996, 1], views: { blur: [1, 0.1], solarize: [0, 0.2] } },
      backbone: { kind: 'resnet', depth: 50, stem: 'torchvision' },
      data: { imageSize: 224 },
      optimizer: { kind: 'lars', momentum: 0.9, weightDecay: 1.5e-6 },
      // 0.2 for each 256 images.
      learningRate: 3.2,
      schedule: { kind: 'cosine', warmupEpochs: 10 },
      batchSize: 64,
      accumulate: 64,
      epochs: 1000,
      knn: { everyEpochs: 10 },
    },
  },
];
