/** MAE: the paper's recipe, and one for images of CIFAR-10's size. */
import { cifar10, type Preset } from './preset';

export const maePresets: readonly Preset[] = [
  {
    id: 'mae-cifar10',
    title: 'MAE on CIFAR-10',
    summary:
      'ViT-Ti with patches of 2 px and a decoder of 4 blocks, the pixels themselves as targets, 800 epochs.',
    published:
      'fine-tuned 89.8 %, from scratch 74.1 % (the same network and decoder; IcarusWizard/MAE). k-NN is low by nature',
    config: {
      method: 'mae',
      options: {
        normPix: false,
        decoder: { width: 192, depth: 4, heads: 3 },
        views: { cropScale: [1, 1], flip: 0 },
      },
      backbone: { kind: 'vit', size: 'tiny', patch: 2, depth: 12, pool: 'mean' },
      data: cifar10,
      optimizer: { kind: 'adamw', beta2: 0.95, weightDecay: 0.05 },
      // 1.5e-4 for each 256 images, as the paper.
      learningRate: 3e-4,
      schedule: { kind: 'cosine', warmupEpochs: 40 },
      batchSize: 512,
      epochs: 800,
      knn: { everyEpochs: 20 },
    },
  },
  {
    id: 'mae-imagenet',
    title: 'MAE, the paper',
    summary:
      'ViT-B/16 at 224 px, decoder of 8 blocks of width 512, for batches of 4096 images: accumulate to get there.',
    published: null,
    config: {
      method: 'mae',
      options: {},
      backbone: { kind: 'vit', size: 'base', patch: 16, depth: 12, pool: 'mean' },
      data: { imageSize: 224 },
      optimizer: { kind: 'adamw', beta2: 0.95, weightDecay: 0.05 },
      learningRate: 2.4e-3,
      schedule: { kind: 'cosine', warmupEpochs: 40 },
      batchSize: 64,
      accumulate: 64,
      epochs: 800,
      knn: { everyEpochs: 20 },
    },
  },
];
