/** A chart's numbers as rows of a table, thinned where there are too many to read. */
import { lowerBound } from './nearest';
import type { Span } from './series';

/** A curve in x order with one value of each part. */
export interface Column {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface TableRow {
  readonly x: number;
  /** One of each column; null where the curve has no point there. */
  readonly values: readonly (number | null)[];
}

/**
 * One row for each x of any column, in order; the first and the last always, those between evenly thinned to `most`.
 * @param range null shows all.
 */
export function tableRows(columns: readonly Column[], range: Span | null, most = 200): TableRow[] {
  const all = new Set<number>();
  const ends = columns.map(({ x }) =>
    range ? [lowerBound(x, range.from), lowerBound(x, nextUp(range.to))] : [0, x.length],
  );
  columns.forEach(({ x }, column) => {
    for (let index = ends[column][0]; index < ends[column][1]; index++) all.add(x[index]);
  });
  const sorted = Float64Array.from(all).sort();
  const count = Math.min(most, sorted.length);
  return Array.from({ length: count }, (_, row) => {
    const x = sorted[count === 1 ? 0 : Math.round((row * (sorted.length - 1)) / (count - 1))];
    return { x, values: columns.map((column) => valueAt(column, x)) };
  });
}

function valueAt({ x, y }: Column, at: number): number | null {
  const index = lowerBound(x, at);
  return index < x.length && x[index] === at ? y[index] : null;
}

/** The next number above, as the end of a range that includes its end. */
const nextUp = (value: number): number => value + Math.max(Number.MIN_VALUE, Math.abs(value) * 2 ** -52);
