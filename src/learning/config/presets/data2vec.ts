/** data2vec: the paper's recipe, one for images of CIFAR-10's size, and the experiment with a fixed teacher. */
import { cifar10, type Preset } from './preset';

/** Of both the teacher and the student. */
const experiment = {
  backbone: { kind: 'resnet', depth: 18, stem: 'torchvision-no-pool' },
  data: { ...cifar10, subset: 20_000 },
  optimizer: { kind: 'adam' },
  learningRate: 1e-3,
  schedule: { kind: 'constant' },
  batchSize: 64,
  epochs: 8,
  knn: { everyEpochs: 1 },
} as const;

export const data2vecPresets: readonly Preset[] = [
  {
    id: 'data2vec-cifar10',
    title: 'data2vec on CIFAR-10',
    summary:
      'ViT-Ti with patches of 4 px, the last 6 blocks as targets, a teacher that moves faster than the paper’s.',
    published: null,
    config: {
      method: 'data2vec',
      options: { layers: 6, momentum: [0.99, 0.999], mask: { share: 0.6 }, views: { cropScale: [0.4, 1] } },
      backbone: { kind: 'vit', size: 'tiny', patch: 4, depth: 12, pool: 'mean' },
      data: cifar10,
      optimizer: { kind: 'adamw', weightDecay: 0.05 },
      // The paper's 2e-3 for 2048 images.
      learningRate: 5e-4,
      schedule: { kind: 'cosine', warmupEpochs: 10 },
      batchSize: 512,
      clipNorm: 3,
      epochs: 400,
      knn: { everyEpochs: 10 },
    },
  },
  {
    id: 'data2vec-fixed-cifar10',
    title: 'data2vec with a fixed teacher on CIFAR-10',
    summary:
      'ResNet-18 without max-pool; a square of 16 px is hidden, layer2 to layer4 are to be those of the teacher. 8 epochs.',
    published:
      'loss 2.07 falling to 1.14; fine-tuned accuracy 62.3 % against the teacher’s 61.0 % (the experiment it reproduces)',
    config: { method: 'data2vec-fixed', options: { square: 16 }, ...experiment },
  },
  {
    id: 'data2vec-teacher-cifar10',
    title: 'The fixed teacher of data2vec on CIFAR-10',
    summary:
      'The same ResNet-18 with labels, 8 epochs: name its run as the teacher of data2vec-fixed-cifar10.',
    published: 'best test accuracy 61.0 % (the experiment it reproduces)',
    config: { method: 'supervised', options: { padCrop: 0, flip: 0 }, ...experiment },
  },
  {
    id: 'data2vec-imagenet',
    title: 'data2vec, the paper',
    summary: 'ViT-B/16 at 224 px, 6 blocks as targets, for batches of 2048 images: accumulate to get there.',
    published: null,
    config: {
      method: 'data2vec',
      options: { layers: 6, momentum: [0.9998, 0.9998], mask: { share: 0.62 } },
      backbone: { kind: 'vit', size: 'base', patch: 16, depth: 12, pool: 'mean' },
      data: { imageSize: 224 },
      optimizer: { kind: 'adamw', weightDecay: 0.05 },
      learningRate: 2e-3,
      schedule: { kind: 'cosine', warmupEpochs: 10 },
      batchSize: 64,
      accumulate: 32,
      clipNorm: 3,
      epochs: 800,
      knn: { everyEpochs: 20 },
    },
  },
];
