/** data2vec with a fixed teacher on CIFAR-10: a supervised teacher, a student that never sees a label, its fine-tuning. */
import type { ExperimentInput } from '../../shared/experiment';

export const data2vecCifar10: ExperimentInput = {
  id: 'data2vec-cifar10',
  title: 'data2vec against its teacher on CIFAR-10',
  summary:
    'A teacher learns from 20,000 labelled images; a student predicts the teacher’s hidden layers on 20,000 other images with a square hidden; then the student is fine-tuned on the teacher’s images. 8 epochs each.',
  published:
    'teacher 61.0 %, student 62.3 %; after the first epoch of fine-tuning 59.3 % against the teacher’s first 40.3 % (the experiment it reproduces)',
  stages: [
    { id: 'teacher', title: 'Teacher', preset: 'data2vec-teacher-cifar10', set: {} },
    {
      id: 'student',
      title: 'Student, pre-trained',
      preset: 'data2vec-fixed-cifar10',
      set: { 'data.subsetFrom': 20_000 },
      teacher: 'teacher',
    },
    {
      id: 'finetune',
      title: 'Student, fine-tuned',
      preset: 'data2vec-teacher-cifar10',
      set: {},
      from: 'student',
    },
  ],
  comparison: {
    metric: 'testAccuracy',
    title: 'Accuracy on the test images',
    stages: ['finetune', 'teacher'],
  },
};
