/** Rows of runs as the host tells of them. */
import type { RunRow } from '../../../src/shared/api/run-rows';

export const row = (changes: Partial<RunRow>): RunRow => ({
  id: 'simclr-1',
  name: 'simclr-1',
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
  trainedFor: 0,
  step: 0,
  epoch: 0,
  epochs: 10,
  metrics: {},
  collapsed: false,
  failure: null,
  hint: null,
  ...changes,
});
