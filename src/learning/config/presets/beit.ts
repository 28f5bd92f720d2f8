/** BEiT and the tokenizers that it learns from. */
import { cifar10, type Preset } from './preset';

/** DeepMind's Sonnet, the example of its VQ-VAE. */
const sonnet = {
  method: 'vqvae',
  optimizer: { kind: 'adam' },
  learningRate: 3e-4,
  schedule: { kind: 'constant' },
} as const;

export const beitPresets: readonly Preset[] = [
  {
    id: 'vqvae-cifar10',
    title: 'VQ-VAE tokenizer on CIFAR-10',
    summary:
      '512 codes of length 64 on a grid of 8 x 8, as Sonnet’s example: name its run as the teacher of beit-cifar10.',
    published: null,
    config: {
      ...sonnet,
      options: {},
      backbone: { kind: 'tokenizer' },
      data: cifar10,
      batchSize: 128,
      epochs: 25,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'beit-cifar10',
    title: 'BEiT on CIFAR-10',
    summary:
      'ViT-Ti with patches of 4 px, 40 % of them hidden in blocks, ids of the tokenizer of vqvae-cifar10.',
    published: null,
    config: {
      method: 'beit',
      options: { views: { cropScale: [0.4, 1] } },
      backbone: { kind: 'vit', size: 'tiny', patch: 4, depth: 12, pool: 'mean' },
      data: cifar10,
      optimizer: { kind: 'adamw', weightDecay: 0.05 },
      // The paper's 1.5e-3 for 2048 images, less steeply: small networks stand more.
      learningRate: 5e-4,
      schedule: { kind: 'cosine', warmupEpochs: 10 },
      batchSize: 512,
      clipNorm: 3,
      epochs: 400,
      knn: { everyEpochs: 10 },
    },
  },
  {
    id: 'vqvae-imagenet',
    title: 'VQ-VAE tokenizer for patches of 16 px',
    summary: 'Four stages, a grid of 14 x 14 at 224 px and 8192 codes: the teacher of beit-imagenet.',
    published: null,
    config: {
      ...sonnet,
      options: { codes: 8192 },
      backbone: { kind: 'tokenizer', stages: 4, hidden: 256, residualHidden: 64 },
      data: { imageSize: 224 },
      batchSize: 64,
      epochs: 10,
      knn: { everyEpochs: 0 },
    },
  },
  {
    id: 'beit-imagenet',
    title: 'BEiT, the paper',
    summary:
      'ViT-B/16 at 224 px, 75 of 196 patches hidden, for batches of 2048 images: accumulate. Its tokenizer is ours, not DALL-E’s.',
    published: null,
    config: {
      method: 'beit',
      options: {
        mask: { share: 75 / 196, block: 16 / 196 },
        tokenizer: { stages: 4, hidden: 256, residualHidden: 64, codes: 8192 },
        views: { cropScale: [0.08, 1] },
      },
      backbone: { kind: 'vit', size: 'base', patch: 16, depth: 12, pool: 'mean' },
      data: { imageSize: 224 },
      optimizer: { kind: 'adamw', weightDecay: 0.05 },
      learningRate: 1.5e-3,
      schedule: { kind: 'cosine', warmupEpochs: 10 },
      batchSize: 64,
      accumulate: 32,
      clipNorm: 3,
      epochs: 800,
      knn: { everyEpochs: 20 },
    },
  },
];
