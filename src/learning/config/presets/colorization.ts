/** Colorization: one for images of CIFAR-10's size, and the paper's schedule with a ResNet. */
import { cifar10, type Preset } from './preset';

export const colorizationPresets: readonly Preset[] = [
  {
    id: 'colorization-cifar10',
    title: 'Colorization on CIFAR-10',
    summary: 'ResNet-18 with a stem for small images tells the colours of 16x16 places, 100 epochs.',
    published: null,
    config: {
      method: 'colorization',
      options: { decoder: 128 },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'adam', weightDecay: 1e-5 },
      learningRate: 1e-3,
      schedule: { kind: 'cosine', warmupEpochs: 1 },
      batchSize: 128,
      epochs: 100,
      knn: { everyEpochs: 5 },
    },
  },
  {
    id: 'colorization-imagenet',
    title: 'Colorization, the paper',
    summary:
      'The paper’s Adam and schedule at 224 px, batch 40, with a ResNet-50 in place of its own network.',
    published: 'ImageNet linear 31.5 % (AlexNet, conv4; as the rotation paper lists it)',
    config: {
      method: 'colorization',
      options: { decoder: 256 },
      backbone: { kind: 'resnet', depth: 50, stem: 'torchvision' },
      data: { imageSize: 224 },
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.99, weightDecay: 1e-3 },
      learningRate: 3e-5,
      schedule: { kind: 'step', milestones: [6, 12], gamma: 0.3 },
      batchSize: 40,
      epochs: 14,
      knn: { everyEpochs: 2 },
    },
  },
];
