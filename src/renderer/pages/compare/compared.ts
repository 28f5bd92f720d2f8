/** What the parts of the page show of each run. */
import type { RunRow } from '../../../shared/api/run-rows';
import type { RunDetail } from '../../../shared/api/runs';
import { flatten } from './flatten';
import type { Ordered } from './order';

export interface Compared extends Ordered {
  id: string;
  detail: RunDetail;
  visible: boolean;
}

/** @param row the present one, where the table of runs knows it. */
export function compared(detail: RunDetail, row: RunRow | undefined, visible: boolean): Compared {
  const { options, version: _version, ...config } = detail.config;
  return {
    id: detail.row.id,
    detail,
    row: row ?? detail.row,
    // Live summaries of the columns that the table shows are newer than the loaded ones.
    metrics: { ...detail.metrics, ...row?.metrics },
    settings: flatten({ ...config, ...options }),
    visible,
  };
}

/** Metrics that two of the runs have at least; all of a single one. */
export function sharedMetrics(runs: readonly Pick<Compared, 'metrics'>[]): string[] {
  const counts = new Map<string, number>();
  for (const { metrics } of runs) {
    for (const name of Object.keys(metrics)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const least = Math.min(2, runs.length);
  return [...counts].filter(([, count]) => count >= least).map(([name]) => name);
}

/** What is compared, from the address. */
export const idsOf = (text: string | undefined): string[] => [
  ...new Set((text ?? '').split(',').filter(Boolean)),
];
