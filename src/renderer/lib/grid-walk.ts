/** How keys walk a grid that is read row by row. */

export interface GridShape {
  readonly columns: number;
  readonly count: number;
  /** Rows that are in view. */
  readonly rows: number;
}

/** Where a key leads from place `at`; undefined for keys that do not walk. Nothing leads out of the grid. */
export function gridStep(key: string, at: number, { columns, count, rows }: GridShape): number | undefined {
  const by = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: columns * rows,
    PageUp: -columns * rows,
  }[key];
  if (by === undefined) return { Home: 0, End: Math.max(0, count - 1) }[key];
  const to = at + by;
  if (to >= 0 && to < count) return to;
  // A page may end early, a row up or down does not: it would land in another column.
  if (key === 'PageDown') return Math.max(0, count - 1);
  if (key === 'PageUp') return 0;
  return at;
}
