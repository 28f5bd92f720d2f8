/** MoCo v3: the paper's recipes for both kinds of backbone, and one for images of CIFAR-10's size. */
import { cifar10, type Preset } from './preset';

export const mocoV3Presets: readonly Preset[] = [
  {
    id: 'moco-v3-cifar10',
    title: 'MoCo v3 on CIFAR-10',
    summary: 'ResNet-18 with a stem for small images, LARS as in solo-learn’s runs, 1000 epochs.',
    published: 'linear 93.1 % (1000 epochs, batch 256; solo-learn)',
    config: {
      method: 'moco-v3',
      options: { temperature: 0.2, momentum: [0.99, 1] },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'lars', momentum: 0.9, trust: 0.02, weightDecay: 1e-6 },
      learningRate: 0.3,
      schedule: { kind: 'cosine', warmupEpochs: 10 },
      batchSize: 256,
      epochs: 1000,
      knn: { everyEpochs: 10 },
    },
  },
  {
    id: 'moco-v3-imagenet',
    title: 'MoCo v3, the paper',
    summary:
      'ResNet-50 at 224 px with LARS for 300 epochs. The paper’s batch is 4096: views are compared within a step.',
    published: 'ImageNet linear 72.8 % (300 epochs, batch 4096; the paper’s code)',
    config: {
      method: 'moco-v3',
      options: {
        temperature: 1,
        momentum: [0.99, 1],
        views: { cropScale: [0.2, 1], blur: [1, 0.1], solarize: [0, 0.2] },
      },
      backbone: { kind: 'resnet', depth: 50, stem: 'torchvision' },
      data: { imageSize: 224 },
      optimizer: { kind: 'lars', momentum: 0.9, weightDecay: 1e-6 },
      // 0.3 for each 256 images.
      learningRate: 0.3,
      schedule: { kind: 'cosine', warmupEpochs: 10 },
      batchSize: 256,
      epochs: 300,
      knn: { everyEpochs: 10 },
    },
  },
  {
    id: 'moco-v3-vit-imagenet',
    title: 'MoCo v3 with a ViT, the paper',
    summary: 'ViT-Small, patch 16, at 224 px with AdamW for 300 epochs; the paper’s batch is 4096.',
    published: 'ImageNet linear 73.2 % (300 epochs, batch 4096; the paper’s code)',
    config: {
      method: 'moco-v3',
      options: {
        temperature: 0.2,
        momentum: [0.99, 1],
        views: { blur: [1, 0.1], solarize: [0, 0.2] },
      },
      backbone: { kind: 'vit', size: 'small', patch: 16 },
      data: { imageSize: 224 },
      optimizer: { kind: 'adamw', weightDecay: 0.1 },
      // 1.5e-4 for each 256 images.
      learningRate: 1.5e-4,
      schedule: { kind: 'cosine', warmupEpochs: 40 },
      batchSize: 256,
      epochs: 300,
      knn: { everyEpochs: 10 },
    },
  },
];
