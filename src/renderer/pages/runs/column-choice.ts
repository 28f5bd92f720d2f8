/** Changes of the chosen columns. Ids are those of columns.ts. */
import { columnOf, METRIC_STATS, PLAIN_IDS, type Column } from './columns';

export const withColumn = (ids: readonly string[], id: string): string[] => [...ids, id];

export const withoutColumn = (ids: readonly string[], id: string): string[] =>
  ids.filter((other) => other !== id);

/** @param by places to the right; at an end nothing happens. */
export function moveColumn(ids: readonly string[], id: string, by: number): string[] {
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return [...ids];
  const rest = withoutColumn(ids, id);
  return [...rest.slice(0, to), id, ...rest.slice(to)];
}

/** Columns that are not shown: the plain ones first, then curve, last, best, min and max of each metric. */
export function offeredColumns(ids: readonly string[], metrics: readonly string[]): Column[] {
  const all = [
    ...PLAIN_IDS,
    ...metrics.flatMap((metric) => ['curve', ...METRIC_STATS].map((kind) => `${kind}:${metric}`)),
  ];
  return all.filter((id) => !ids.includes(id)).flatMap((id) => columnOf(id) ?? []);
}

/** The title with what a heading leaves out: "Loss last". */
export const fullTitle = (column: Column): string =>
  column.kind === 'metric' && column.stat === 'last' ? `${column.title} last` : column.title;
