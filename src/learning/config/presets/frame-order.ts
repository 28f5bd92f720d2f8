/** Frame order: small frames, and frames of the paper's size. */
import type { Preset } from './preset';

export const frameOrderPresets: readonly Preset[] = [
  {
    id: 'frame-order-small',
    title: 'Frame order, small frames',
    summary: 'ResNet-18 with a stem for small images puts 4 frames of 32 px in order, 100 epochs.',
    published: null,
    config: {
      method: 'frame-order',
      options: { frames: 4, stride: 4 },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      // What is held out would leave gaps in the sequences.
      data: { imageSize: 32, heldOut: 0 },
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: 0.03,
      schedule: { kind: 'cosine', warmupEpochs: 1 },
      batchSize: 64,
      epochs: 100,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'frame-order-opn',
    title: 'Frame order at 80 px',
    summary:
      '4 frames of 80 px, batch 128, learning rate 0.01 as in the paper, with a ResNet-18 for 100 epochs.',
    published: 'fine-tuned action recognition on UCF-101 59.8 % (VGG-M; the paper)',
    config: {
      method: 'frame-order',
      options: { frames: 4, stride: 8, hidden: 1024 },
      backbone: { kind: 'resnet', depth: 18, stem: 'torchvision' },
      data: { imageSize: 80, heldOut: 0 },
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: 0.01,
      schedule: { kind: 'cosine' },
      batchSize: 128,
      epochs: 100,
      knn: { everyEpochs: 10 },
    },
  },
];
