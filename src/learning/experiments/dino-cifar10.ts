/** DINO with a ViT on CIFAR-10: self-distillation, fine-tuning, and the same network with labels alone. */
import type { ExperimentInput } from '../../shared/experiment';

const network = { kind: 'vit', size: 'tiny', patch: 4, depth: 12 };

export const dinoCifar10: ExperimentInput = {
  id: 'dino-cifar10',
  title: 'DINO against supervised on CIFAR-10',
  summary:
    'Pre-trains a ViT by self-distillation without labels, fine-tunes the whole network with all labels, and trains the same network from scratch for as many epochs.',
  published: null,
  stages: [
    { id: 'pretrain', title: 'Pre-trained with DINO', preset: 'dino-cifar10-vit', set: {} },
    { id: 'finetune', title: 'Fine-tuned', preset: 'finetune', set: {}, from: 'pretrain' },
    { id: 'supervised', title: 'From scratch', preset: 'finetune', set: { backbone: network } },
  ],
  comparison: {
    metric: 'testAccuracy',
    title: 'Accuracy on the test images',
    stages: ['finetune', 'supervised'],
  },
};
