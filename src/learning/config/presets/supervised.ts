/** Training with labels: the baseline. */
import { cifar10, type Preset } from './preset';

export const supervisedPresets: readonly Preset[] = [
  {
    id: 'finetune',
    title: 'Fine-tuning',
    summary:
      'Trains a whole network with labels, few or many, most useful from the weights of a run: AdamW, 30 epochs.',
    published: null,
    config: {
      method: 'supervised',
      options: { padCrop: 4, flip: 0.5 },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'adamw', weightDecay: 0.05 },
      learningRate: 1e-3,
      schedule: { kind: 'cosine', warmupEpochs: 1 },
      batchSize: 64,
      epochs: 30,
      knn: { everyEpochs: 1 },
    },
  },
  {
    id: 'supervised-cifar10',
    title: 'Supervised on CIFAR-10',
    summary:
      'The same ResNet-18 trained with labels: the baseline, and with init.checkpoint its fine-tuning.',
    published: 'test accuracy 93.0 % (kuangliu/pytorch-cifar)',
    config: {
      method: 'supervised',
      options: { padCrop: 4, flip: 0.5 },
      backbone: { kind: 'resnet', depth: 18, stem: 'cifar' },
      data: cifar10,
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: 0.1,
      schedule: { kind: 'cosine' },
      batchSize: 128,
      epochs: 200,
      knn: { everyEpochs: 5 },
    },
  },
];
