/** The order of the runs table. */
import { betterDirection } from '../../../shared/metric-direction';
import type { RunRow } from '../../../shared/api/run-rows';
import { sortValue, type Column } from './columns';

export interface Sort {
  column: string;
  descending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/**
 * Rows without a value come last either way; equal rows keep their order, newest first.
 * @param column undefined leaves the rows as they are.
 */
export function sortRows(
  rows: readonly RunRow[],
  column: Column | undefined,
  descending: boolean,
): readonly RunRow[] {
  if (!column) return rows;
  const keyed = rows.map((row, index) => ({ row, index, key: sortValue(row, column) }));
  const sign = descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) {
      return Number(a.key === null) - Number(b.key === null) || a.index - b.index;
    }
    return sign * compare(a.key, b.key) || a.index - b.index;
  });
  return keyed.map(({ row }) => row);
}

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));

/** A click on a heading: first its useful direction, then the other, then no order again. */
export function nextSort(present: Sort | null, column: Column): Sort | null {
  const first = startsDescending(column);
  if (present?.column !== column.id) return { column: column.id, descending: first };
  return present.descending === first ? { column: column.id, descending: !first } : null;
}

/** The best, the latest and the longest on top; names from A. */
function startsDescending(column: Column): boolean {
  if (column.kind === 'plain')
    return ['progress', 'duration', 'step', 'created', 'started'].includes(column.plain);
  return betterDirection(column.metric) !== 'lower';
}

/** As the address has it: "best:knn" ascending, "-best:knn" descending. */
export function parseSort(text: string | undefined): Sort | null {
  if (!text) return null;
  return text.startsWith('-')
    ? { column: text.slice(1), descending: true }
    : { column: text, descending: false };
}

export const formatSort = (sort: Sort | null): string | undefined =>
  sort ? `${sort.descending ? '-' : ''}${sort.column}` : undefined;
