/** VICReg: the paper's recipe, and one for images of CIFAR-10's size. */
import { cifar10, type Preset } from './preset';

export const vicregPresets: readonly Preset[] = [
  {
    id: 'vicreg-cifar10',
    title: 'VICReg on CIFAR-10',
    summary:
      'ResNet-18 with a stem for small images, LARS and summed variance terms as in solo-learn’s runs, 1000 epochs.',
    published: 'linear 92.1 % (1000 epochs, batch 256; solo-learn)',
    config: {
      method: 'vicreg',
      options: { varianceTerms: 'sum', views: { cropScale: [0.2, 1], solarize: [0.1, 0.1] } },
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
    id: 'vicreg-imagenet',
    title: 'VICReg, the paper',
    summary:
      'ResNet-50 at 224 px with LARS for 1000 epochs. The paper’s batch is 2048: variances are taken within a step.',
    published: 'ImageNet linear 73.2 % (1000 epochs, batch 2048; the paper’s code)',
    config: {
      method: 'vicreg',
      options: {
        projector: { hidden: 8192, out: 8192 },
        views: { blur: [1, 0.1], solarize: [0, 0.2] },
      },
      backbone: { kind: 'resnet', depth: 50, stem: 'torchvision' },
      data: { imageSize: 224 },
      optimizer: { kind: 'lars', momentum: 0.9, weightDecay: 1e-6 },
      // 0.2 for each 256 images.
      learningRate: 0.2,
      schedule: { kind: 'cosine', warmupEpochs: 10 },
      batchSize: 256,
      epochs: 1000,
      knn: { everyEpochs: 10 },
    },
  },
];
