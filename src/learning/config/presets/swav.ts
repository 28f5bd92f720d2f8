/** SwAV: the paper's recipe for small batches, and one for images of CIFAR-10's size. */
import { cifar10, type Preset } from './preset';

export const swavPresets: readonly Preset[] = [
  {
    id: 'swav-cifar10',
    title: 'SwAV on CIFAR-10',
    summary: 'ResNet-18 with a stem for small images, 512 prototypes, two crops, Adam, 200 epochs.',
    published:
      'k-NN 81.2 % (200 epochs, batch 128; lightly), linear 89.2 % (1000 epochs, batch 256; solo-learn)',
    config: {
      method: 'swav',
      options: {
        prototypes: 512,
        freezeEpochs: 0,
        projector: { hidden: 512, out: 128 },
        views: { locals: 0, globalScale: [0.14, 1] },
      },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'adam', weightDecay: 1e-6 },
      learningRate: 1e-3,
      schedule: { kind: 'cosine' },
      batchSize: 128,
      epochs: 200,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'swav-imagenet',
    title: 'SwAV, the paper, small batches',
    summary:
      'ResNet-50 at 224 px with six local crops of 96 px, batches of 256 and a queue of 3840, LARS, 200 epochs.',
    published: 'ImageNet linear 72.7 % (200 epochs, batch 256; the paper’s code)',
    config: {
      method: 'swav',
      options: {
        prototypes: 3000,
        queue: { length: 3840, startEpoch: 15 },
        freezeEpochs: 1,
        views: { localSize: 96, blur: [0.5, 0.5, 0.5] },
      },
      backbone: { kind: 'resnet', depth: 50, stem: 'torchvision' },
      data: { imageSize: 224 },
      optimizer: { kind: 'lars', momentum: 0.9, weightDecay: 1e-6 },
      learningRate: 0.6,
      schedule: { kind: 'cosine', final: 0.0006 },
      batchSize: 256,
      epochs: 200,
      knn: { everyEpochs: 5 },
    },
  },
];
