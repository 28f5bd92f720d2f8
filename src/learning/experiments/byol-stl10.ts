/** BYOL on STL-10: pre-training on the unlabelled part, fine-tuning on the labelled one, and the baseline. */
import type { ExperimentInput } from '../../shared/experiment';

/** Both classifiers: normalized as the pre-training is, with ImageNet's figures; the labelled training images, Adam at 1e-4 for 25 epochs. */
const classifier = {
  'backbone.stem': 'torchvision',
  'data.imageSize': 96,
  'data.mean': [0.485, 0.456, 0.406],
  'data.std': [0.229, 0.224, 0.225],
  'optimizer.kind': 'adam',
  learningRate: 1e-4,
  'schedule.kind': 'constant',
  batchSize: 128,
  epochs: 25,
  'knn.everyEpochs': 1,
};

export const byolStl10: ExperimentInput = {
  id: 'byol-stl10',
  title: 'BYOL against supervised on STL-10',
  summary:
    'Pre-trains ResNet-18 on all images without labels, fine-tunes it with the labelled ones, and trains the same network with these alone.',
  published: 'supervised about 85 %, BYOL above it (the experiment it reproduces)',
  stages: [
    { id: 'pretrain', title: 'Pre-trained with BYOL', preset: 'byol-stl10', set: {} },
    {
      id: 'finetune',
      title: 'Fine-tuned',
      preset: 'supervised-cifar10',
      set: classifier,
      from: 'pretrain',
    },
    { id: 'supervised', title: 'From scratch', preset: 'supervised-cifar10', set: classifier },
  ],
  comparison: {
    metric: 'testAccuracy',
    title: 'Accuracy on the test images',
    stages: ['finetune', 'supervised'],
  },
};
