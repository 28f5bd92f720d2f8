/** Rotation prediction: the paper's recipe on CIFAR-10 with our network, and its schedule on ImageNet. */
import { cifar10, type Preset } from './preset';

export const rotationPresets: readonly Preset[] = [
  {
    id: 'rotation-cifar10',
    title: 'Rotation prediction on CIFAR-10',
    summary: 'ResNet-18 with a stem for small images; each image in all four turns, the paper’s 200 epochs.',
    published:
      'classifier on the second of four blocks 91.2 %, supervised 92.8 % (Network-in-Network; the paper)',
    config: {
      method: 'rotation',
      options: { padCrop: 4, flip: 0.5 },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
      learningRate: 0.1,
      schedule: { kind: 'step', milestones: [60, 120, 160], gamma: 0.2 },
      batchSize: 128,
      epochs: 200,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'rotation-imagenet',
    title: 'Rotation prediction, the paper on ImageNet',
    summary: 'The paper’s batch and schedule of 30 epochs at 224 px, with ResNet-50 in place of its AlexNet.',
    published: 'ImageNet linear 38.7 % (AlexNet, conv3; the paper)',
    config: {
      method: 'rotation',
      options: { padCrop: 0, flip: 0.5 },
      backbone: { kind: 'resnet', depth: 50, stem: 'torchvision' },
      data: { imageSize: 224 },
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: 0.01,
      schedule: { kind: 'step', milestones: [10, 20], gamma: 0.1 },
      batchSize: 16,
      accumulate: 12,
      epochs: 30,
      knn: { everyEpochs: 5 },
    },
  },
];
