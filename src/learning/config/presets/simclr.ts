/** SimCLR: the experiment of its reproduction on CIFAR-10, and one that shows learning in minutes. */
import { cifar10, type Preset } from './preset';

export const simclrPresets: readonly Preset[] = [
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
    id: 'simclr-cifar10-paper',
    title: 'SimCLR on CIFAR-10, the paper’s code',
    summary: 'ResNet-50 with a stem for small images, LARS, batches of 512 images, 1000 epochs.',
    published: null,
    config: {
      method: 'simclr',
      options: {
        temperature: 0.5,
        projector: { hidden: 2048, out: 128, layers: 3, batchNorm: true },
        views: { cropScale: [0.08, 1], jitterStrength: 0.5, grayscale: 0.2, flip: 0.5, blur: 0 },
      },
      backbone: { kind: 'resnet', depth: 50, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'lars', momentum: 0.9, weightDecay: 1e-4 },
      // 1.0 for each 256 images.
      learningRate: 2,
      schedule: { kind: 'cosine', warmupEpochs: 10 },
      batchSize: 512,
      epochs: 1000,
      knn: { everyEpochs: 10 },
    },
  },
];
