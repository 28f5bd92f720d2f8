/** Barlow Twins: the paper's recipe, and one for images of CIFAR-10's size. */
import { cifar10, type Preset } from './preset';

export const barlowTwinsPresets: readonly Preset[] = [
  {
    id: 'barlow-twins-cifar10',
    title: 'Barlow Twins on CIFAR-10',
    summary: 'ResNet-18 with a stem for small images, LARS as in solo-learn’s runs, 1000 epochs.',
    published:
      'linear 92.1 % (1000 epochs, batch 256; solo-learn), k-NN 84.2 % (200 epochs, batch 128; lightly)',
    config: {
      method: 'barlow-twins',
      options: { lambda: 0.0051, scale: 0.1 },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'lars', momentum: 0.9, trust: 0.02, weightDecay: 1e-4 },
      learningRate: 0.3,
      schedule: { kind: 'cosine', warmupEpochs: 10 },
      batchSize: 256,
      epochs: 1000,
      knn: { everyEpochs: 10 },
    },
  },
  {
    id: 'barlow-twins-imagenet',
    title: 'Barlow Twins, the paper',
    summary:
      'ResNet-50 at 224 px with LARS for 1000 epochs. The paper’s batch is 2048: correlations are taken within a step.',
    published: 'ImageNet linear 73.3 % (1000 epochs, batch 2048; the paper’s code)',
    config: {
      method: 'barlow-twins',
      options: {
        lambda: 0.0051,
        scale: 0.024,
        projector: { hidden: 8192, out: 8192 },
        views: { blur: [1, 0.1], solarize: [0, 0.2] },
      },
      backbone: { kind: 'resnet', depth: 50, stem: 'torchvision' },
      data: { imageSize: 224 },
      optimizer: { kind: 'lars', momentum: 0.9, weightDecay: 1.5e-6 },
      // 0.2 for each 256 images.
      learningRate: 0.2,
      schedule: { kind: 'cosine', warmupEpochs: 10 },
      batchSize: 256,
      epochs: 1000,
      knn: { everyEpochs: 10 },
    },
  },
];
