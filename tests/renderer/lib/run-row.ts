/** A row of the runs table for tests. */
import type { MetricSummary, RunRow } from '../../../src/shared/api/run-rows';

export function runRow(patch: Partial<RunRow> & { id: string }): RunRow {
  return {
    name: patch.id,
    state: 'done',
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
    startedAt: null,
    endedAt: null,
    trainedFor: 0,
    step: 0,
    epoch: 0,
    epochs: null,
    metrics: {},
    collapsed: false,
    failure: null,
    hint: null,
    ...patch,
  };
}

export function summary(patch: Partial<MetricSummary>): MetricSummary {
  return { last: null, lastStep: 0, min: null, max: null, best: null, bestStep: null, ...patch };
}
