/** A data set as the host tells of it. */
import type { Dataset, DatasetReport } from '../../../src/shared/api/datasets';

export const report = (patch: Partial<DatasetReport> = {}): DatasetReport => ({
  images: 1000,
  classes: [
    { name: 'finch', count: 600 },
    { name: 'wren', count: 400 },
  ],
  splits: null,
  size: null,
  bytes: null,
  skipped: [],
  notes: [],
  ...patch,
});

/** @param patch of the data set, and of its report. */
export function dataset(patch: Partial<Dataset> & Partial<DatasetReport> = {}): Dataset {
  const base: Dataset = {
    id: 'b1',
    path: '/birds',
    name: 'birds',
    state: 'ready',
    progress: null,
    failure: null,
    hint: null,
    addedAt: 0,
    checkedAt: 0,
    report: report(),
    runs: 0,
  };
  const inReport = Object.keys(base.report!);
  const own = Object.entries(patch).filter(([key]) => !inReport.includes(key));
  const inner = Object.entries(patch).filter(([key]) => inReport.includes(key));
  return { ...base, report: report(Object.fromEntries(inner)), ...Object.fromEntries(own) };
}
