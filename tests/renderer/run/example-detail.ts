/** A run in training, as the host tells it. */
import { runConfigSchema } from '../../../src/shared/run-config';
import type { RunDetail } from '../../../src/shared/api/runs';

export function exampleDetail(): RunDetail {
  const summary = { last: 3, lastStep: 3, min: 1, max: 3, best: 1, bestStep: 1 };
  return {
    row: {
      id: 'a',
      name: 'a',
      state: 'running',
      queuePlace: null,
      method: 'simclr',
      backbone: 'ResNet-18',
      data: 'sample',
      parent: null,
      color: 0,
      tags: [],
      notes: '',
      isBaseline: false,
      createdAt: 0,
      startedAt: 0,
      endedAt: null,
      trainedFor: 300,
      step: 3,
      epoch: 0.3,
      epochs: 10,
      metrics: {},
      collapsed: false,
      failure: null,
      hint: null,
    },
    metrics: { loss: summary, knn: summary },
    config: runConfigSchema.parse({
      method: 'simclr',
      backbone: { kind: 'resnet' },
      data: { path: 'sample' },
      optimizer: { kind: 'sgd' },
      learningRate: 0.1,
      batchSize: 128,
      epochs: 10,
    }),
    progress: null,
    checkpoints: [
      { step: 2, epoch: 0.2, bytes: 100, kind: 'periodic', knn: null, file: 'step-2', time: 200 },
    ],
    evaluations: [{ id: 1, kind: 'evaluation', step: 3, time: 300, data: { knn: 0.3 } }],
    pictures: [{ step: 3, captions: ['original', 'reconstruction'] }],
    history: [{ time: 1, name: 'device', message: 'On the CPU.', data: {} }],
    log: [{ time: 1, source: 'info', text: 'Hello.' }],
    exitCode: null,
    exitSignal: null,
    commandLine: 'npx selvedge train config.json',
    folder: '/tmp/library/runs/a',
    seq: 10,
  };
}
