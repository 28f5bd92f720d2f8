/** How the rows of the runs table follow what the host tells. */
import { betterDirection } from '../../shared/metric-direction';
import { curvesOf, type HostEvent, type Points } from '../../shared/api/events';
import type { MetricSummary, RunRow } from '../../shared/api/run-rows';

/** Rows by run id. */
export type Rows = Map<string, RunRow>;

/**
 * Changes `rows` in place; a changed row is a new object.
 * @param wanted metrics whose summaries the rows hold.
 * @returns runs whose summaries are void and must be asked for anew.
 */
export function applyToRows(rows: Rows, event: HostEvent, wanted: ReadonlySet<string>): string[] {
  if (event.type === 'run') {
    const known = rows.get(event.row.id);
    // The event's row says nothing about metrics.
    rows.set(event.row.id, { ...event.row, metrics: known?.metrics ?? {} });
    if (event.row.isBaseline) onlyBaseline(rows, event.row.id);
    return known ? [] : [event.row.id];
  }
  if (event.type === 'run-deleted') rows.delete(event.run);
  if (event.type === 'metrics') addPoints(rows, event.run, curvesOf(event.groups), wanted);
  return event.type === 'truncated' && rows.has(event.run) ? [event.run] : [];
}

/** Newest first; runs of the same moment by id, so that the order never flickers. */
export function newestFirst(rows: Rows): RunRow[] {
  return [...rows.values()].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
}

function onlyBaseline(rows: Rows, baseline: string): void {
  for (const row of rows.values()) {
    if (row.isBaseline && row.id !== baseline) rows.set(row.id, { ...row, isBaseline: false });
  }
}

function addPoints(rows: Rows, run: string, curves: readonly Points[], wanted: ReadonlySet<string>): void {
  const row = rows.get(run);
  if (!row) return;
  const metrics = { ...row.metrics };
  let { step, epoch } = row;
  for (const curve of curves) {
    const last = curve.steps.length - 1;
    if (last < 0) continue;
    if (curve.steps[last] > step) [step, epoch] = [curve.steps[last], curve.epochs[last]];
    if (wanted.has(curve.name)) metrics[curve.name] = extend(metrics[curve.name], curve);
  }
  rows.set(run, { ...row, metrics, step, epoch });
}

/** A summary with more points. NaN (null) counts as last, and as nothing else. */
export function extend(summary: MetricSummary | undefined, points: Points): MetricSummary {
  let { last, lastStep, min, max, best, bestStep } = summary ?? {
    last: null,
    lastStep: 0,
    min: null,
    max: null,
    best: null,
    bestStep: null,
  };
  const direction = betterDirection(points.name);
  points.values.forEach((value, index) => {
    const step = points.steps[index];
    [last, lastStep] = [value, step];
    if (value === null) return;
    min = min === null ? value : Math.min(min, value);
    max = max === null ? value : Math.max(max, value);
    if (!direction) return;
    if (best === null || (direction === 'lower' ? value < best : value > best))
      [best, bestStep] = [value, step];
  });
  return { last, lastStep, min, max, best, bestStep };
}
