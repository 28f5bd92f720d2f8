/** Which pictures of a long grid exist: those in view and a little around it. */

export interface GridWindow {
  readonly columns: number;
  /** First index and the index after the last. */
  readonly from: number;
  readonly to: number;
  /** px above the first row, and of the whole grid. */
  readonly offset: number;
  readonly height: number;
}

/**
 * @param cell width of a cell with its gap, px. @param rowHeight the same upwards, where cells are no squares.
 * @param width, height of the viewport, px. @param scrollTop how far the grid's top is above the viewport's, px.
 */
export function gridWindow(
  count: number,
  {
    cell,
    rowHeight = cell,
    width,
    height,
    scrollTop,
  }: { cell: number; rowHeight?: number; width: number; height: number; scrollTop: number },
): GridWindow {
  const columns = Math.max(1, Math.floor(width / cell));
  const rows = Math.ceil(count / columns);
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - 2);
  const last = Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + 2);
  return {
    columns,
    from: Math.min(count, first * columns),
    to: Math.min(count, Math.max(first, last) * columns),
    offset: first * rowHeight,
    height: rows * rowHeight,
  };
}
