/** The order of compared runs. */
import type { MetricSummary, RunRow } from '../../../shared/api/run-rows';
import { betterDirection } from '../../../shared/metric-direction';
import { METRIC_STATS, statOf } from '../runs/columns';
import type { Settings } from './flatten';

/** What an order may look at. */
export interface Ordered {
  row: RunRow;
  settings: Settings;
  metrics: Readonly<Record<string, MetricSummary>>;
}

/**
 * As the address has it: "name", "created", "best:knn", "set:optimizer.momentum"; a minus in front turns it round.
 * Undefined and what is none of these keep the given order.
 */
export type OrderKey = string | undefined;

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Runs without a value come last either way. */
export function orderRuns<T extends Ordered>(runs: readonly T[], key: OrderKey): T[] {
  if (!key) return [...runs];
  const reversed = key.startsWith('-');
  const read = reader(reversed ? key.slice(1) : key);
  const sign = reversed ? -1 : 1;
  return runs
    .map((run, index) => ({ run, index, value: read(run) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) {
        return Number(a.value === null) - Number(b.value === null) || a.index - b.index;
      }
      const order =
        typeof a.value === 'number' && typeof b.value === 'number'
          ? a.value - b.value
          : collator.compare(String(a.value), String(b.value));
      return sign * order || a.index - b.index;
    })
    .map(({ run }) => run);
}

function reader(key: string): (run: Ordered) => string | number | null {
  if (key === 'name') return ({ row }) => row.name;
  if (key === 'created') return ({ row }) => row.createdAt;
  if (key === 'duration') return ({ row }) => row.trainedFor;
  const colon = key.indexOf(':');
  const [kind, name] = [key.slice(0, colon), key.slice(colon + 1)];
  if (kind === 'set') return ({ settings }) => comparable(settings.get(name));
  const stat = METRIC_STATS.find((known) => known === kind);
  return ({ metrics }) => (stat ? statOf(metrics[name], stat) : null);
}

function comparable(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
}

/** A click on a heading: its useful direction first (the best on top), then the other, then the given order. */
export function nextOrder(present: OrderKey, key: string): OrderKey {
  const [kind, name = ''] = key.split(':', 2);
  const isMetric = METRIC_STATS.some((stat) => stat === kind);
  const first = isMetric && betterDirection(name) !== 'lower' ? `-${key}` : key;
  const second = first === key ? `-${key}` : key;
  if (present === first) return second;
  return present === second ? undefined : first;
}
