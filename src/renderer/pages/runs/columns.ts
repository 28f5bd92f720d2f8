/** Columns of the runs table: what can be shown, named so that the choice can be kept. */
import type { MetricSummary, RunRow } from '../../../shared/api/run-rows';
import { metricMeaning, metricTitle } from '../../lib/format';

export const METRIC_STATS = ['last', 'best', 'min', 'max'] as const;
export type MetricStat = (typeof METRIC_STATS)[number];

const PLAIN = {
  status: { title: 'Status', width: 116, meaning: 'What the run is doing' },
  name: { title: 'Name', width: 220, meaning: 'Name and tags; the colour is the run’s own everywhere' },
  method: { title: 'Method', width: 92, meaning: 'How it learns' },
  backbone: { title: 'Backbone', width: 84, meaning: 'The encoder that is trained' },
  data: { title: 'Data', width: 76, meaning: 'Images it is trained on' },
  progress: { title: 'Progress', width: 164, meaning: 'Epochs trained, and the time left' },
  duration: { title: 'Time', width: 88, meaning: 'Time spent in training, pauses left out' },
  step: { title: 'Step', width: 76, meaning: 'Updates of the parameters' },
  created: { title: 'Created', width: 120, meaning: 'When it was set up' },
  started: { title: 'Started', width: 120, meaning: 'When training began' },
  notes: { title: 'Notes', width: 120, meaning: 'What you wrote about it' },
} as const;
export type PlainId = keyof typeof PLAIN;
export const PLAIN_IDS = Object.keys(PLAIN) as PlainId[];

interface Base {
  /** As it is kept in the settings: "name", "curve:loss", "best:knn". */
  id: string;
  title: string;
  meaning: string;
  /** px; that of the name is its least. */
  width: number;
}

export type Column =
  | (Base & { kind: 'plain'; plain: PlainId })
  | (Base & { kind: 'curve'; metric: string })
  | (Base & { kind: 'metric'; metric: string; stat: MetricStat });

export const DEFAULT_COLUMNS: readonly string[] = [
  ...['status', 'name', 'method', 'backbone', 'data', 'curve:loss'],
  ...['last:loss', 'best:knn', 'progress', 'duration', 'started', 'notes'],
];

/** @returns undefined where the id names no column, as one of a later version might. */
export function columnOf(id: string): Column | undefined {
  if (Object.hasOwn(PLAIN, id)) {
    const plain = id as PlainId;
    return { id, kind: 'plain', plain, ...PLAIN[plain] };
  }
  const colon = id.indexOf(':');
  const [kind, metric] = [id.slice(0, colon), id.slice(colon + 1)];
  if (colon < 0 || !metric) return undefined;
  const about = metricMeaning(metric) ?? '';
  if (kind === 'curve') {
    const title = `${metricTitle(metric)} curve`;
    return {
      id,
      kind,
      metric,
      title,
      width: 100,
      meaning: `${metricTitle(metric)} from the first step to the last. ${about}`,
    };
  }
  const stat = METRIC_STATS.find((name) => name === kind);
  if (!stat) return undefined;
  return {
    id,
    kind: 'metric',
    metric,
    stat,
    title: stat === 'last' ? metricTitle(metric) : `${metricTitle(metric)} ${stat}`,
    width: 84,
    meaning: `${statMeaning[stat]} ${about}`.trim(),
  };
}

const statMeaning: Record<MetricStat, string> = {
  last: 'The latest value.',
  best: 'The best value so far.',
  min: 'The smallest value so far.',
  max: 'The largest value so far.',
};

/** @param ids null is the default; the name is always among them, and no column twice. */
export function columnsOf(ids: readonly string[] | null): Column[] {
  const columns = [...new Set(ids ?? DEFAULT_COLUMNS)].flatMap((id) => columnOf(id) ?? []);
  return columns.some(({ id }) => id === 'name') ? columns : [columnOf('name')!, ...columns];
}

/** Metrics whose summaries the columns show. */
export const metricsOf = (columns: readonly Column[]): string[] => [
  ...new Set(columns.flatMap((column) => (column.kind === 'plain' ? [] : [column.metric]))),
];

/** Null where there is no such value; `best` of a metric without a better end is its last. */
export function statOf(summary: MetricSummary | undefined, stat: MetricStat): number | null {
  if (!summary) return null;
  return stat === 'best' ? (summary.best ?? summary.last) : summary[stat];
}

/** What a column sorts by; null goes last whatever the direction. */
export function sortValue(row: RunRow, column: Column): string | number | null {
  switch (column.kind) {
    case 'metric':
      return statOf(row.metrics[column.metric], column.stat);
    case 'curve':
      return row.metrics[column.metric]?.last ?? null;
    case 'plain':
      return plainValue(row, column.plain);
  }
}

/** Live first, then what waits, then what can go on, then what is over. */
const STATE_ORDER = ['running', 'paused', 'queued', 'failed', 'interrupted', 'stopped', 'done'] as const;

function plainValue(row: RunRow, id: PlainId): string | number | null {
  switch (id) {
    case 'status':
      return STATE_ORDER.indexOf(row.state) * 1000 + (row.queuePlace ?? 0);
    case 'name':
      return row.name;
    case 'method':
      return row.method;
    case 'backbone':
      return row.backbone;
    case 'data':
      return row.data;
    case 'progress':
      return row.epochs ? row.epoch / row.epochs : row.epoch;
    case 'duration':
      return row.trainedFor;
    case 'step':
      return row.step;
    case 'created':
      return row.createdAt;
    case 'started':
      return row.startedAt;
    case 'notes':
      return row.notes || null;
  }
}
