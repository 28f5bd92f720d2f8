/** iBOT: the paper's recipe, and one for images of CIFAR-10's size. */
import { cifar10, type Preset } from './preset';

export const ibotPresets: readonly Preset[] = [
  {
    id: 'ibot-cifar10',
    title: 'iBOT on CIFAR-10',
    summary:
      'ViT-Tiny, patch 4, with six local crops of 16 px; prototypes, temperature and momentum by the number of images.',
    published: null,
    config: {
      method: 'ibot',
      options: { views: { locals: 6, localSize: 16 } },
      backbone: { kind: 'vit', size: 'tiny', patch: 4 },
      data: cifar10,
      optimizer: { kind: 'adamw', weightDecay: 0.04, weightDecayEnd: 0.4 },
      learningRate: 5e-4,
      schedule: { kind: 'cosine', warmupEpochs: 10, final: 1e-6 },
      clipNorm: 3,
      clipEach: true,
      batchSize: 256,
      epochs: 200,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'ibot-imagenet',
    title: 'iBOT, the paper',
    summary:
      'ViT-Small, patch 16, at 224 px with ten local crops of 96 px for 800 epochs, batches of 1024 images accumulated from 64.',
    published: 'ImageNet k-NN 75.2 %, linear 77.9 % (800 epochs, batch 1024; the paper’s code)',
    config: {
      method: 'ibot',
      options: {
        prototypes: 8192,
        teacherTemperature: 0.07,
        warmupTemperature: 0.04,
        momentum: { start: 0.996, end: 1 },
        views: { localSize: 96, blur: [1, 0.1, 0.5] },
      },
      backbone: { kind: 'vit', size: 'small', patch: 16 },
      data: { imageSize: 224 },
      optimizer: { kind: 'adamw', weightDecay: 0.04, weightDecayEnd: 0.4 },
      // 5e-4 for each 256 images.
      learningRate: 2e-3,
      schedule: { kind: 'cosine', warmupEpochs: 10, final: 1e-6 },
      clipNorm: 3,
      clipEach: true,
      batchSize: 64,
      accumulate: 16,
      epochs: 800,
      knn: { everyEpochs: 10 },
    },
  },
];
