/** SimCLR on CIFAR-10: pre-training, fine-tuning of the whole network, and the same network with labels alone. */
import type { ExperimentInput } from '../../shared/experiment';

export const simclrCifar10: ExperimentInput = {
  id: 'simclr-cifar10',
  title: 'SimCLR against supervised on CIFAR-10',
  summary:
    'Pre-trains ResNet-18 without labels, fine-tunes the whole network with all labels, and trains the same network from scratch for as many epochs.',
  published:
    'supervised 86 %, with pre-training 88.1 % (the experiment it reproduces; its own figures, not a ceiling)',
  stages: [
    { id: 'pretrain', title: 'Pre-trained with SimCLR', preset: 'simclr-cifar10', set: {} },
    {
      id: 'finetune',
      title: 'Fine-tuned',
      preset: 'supervised-cifar10',
      set: { epochs: 30, learningRate: 0.03, 'knn.everyEpochs': 1 },
      from: 'pretrain',
    },
    {
      id: 'supervised',
      title: 'From scratch',
      preset: 'supervised-cifar10',
      set: { epochs: 30, 'knn.everyEpochs': 1 },
    },
  ],
  comparison: {
    metric: 'testAccuracy',
    title: 'Accuracy on the test images',
    stages: ['finetune', 'supervised'],
  },
};
