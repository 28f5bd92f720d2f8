/** SimSiam: the paper's recipe, and one for images of CIFAR-10's size. */
import { cifar10, type Preset } from './preset';

export const simsiamPresets: readonly Preset[] = [
  {
    id: 'simsiam-cifar10',
    title: 'SimSiam on CIFAR-10',
    summary: 'ResNet-18 with a stem for small images, projector of 2 layers, 200 epochs.',
    published:
      'k-NN 81.9 % (200 epochs, batch 128; lightly), linear 90.5 % (1000 epochs, batch 256; solo-learn)',
    config: {
      method: 'simsiam',
      options: { projector: { layers: 2 } },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      // As lightly's run, which does not scale it with the batch.
      learningRate: 0.06,
      schedule: { kind: 'cosine' },
      batchSize: 128,
      epochs: 200,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'simsiam-imagenet',
    title: 'SimSiam, the paper',
    summary: 'ResNet-50 at 224 px for 100 epochs, batches of 512 images accumulated from 64.',
    published: 'ImageNet linear 68.1 % (100 epochs, batch 512; the paper’s code)',
    config: {
      method: 'simsiam',
      options: { views: { cropScale: [0.2, 1], blur: [0.5, 0.5] } },
      backbone: { kind: 'resnet', depth: 50, stem: 'torchvision' },
      data: { imageSize: 224 },
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 1e-4 },
      // 0.05 for each 256 images.
      learningRate: 0.1,
      schedule: { kind: 'cosine' },
      batchSize: 64,
      accumulate: 8,
      epochs: 100,
      knn: { everyEpochs: 5 },
    },
  },
];
