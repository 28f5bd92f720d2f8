/** Which of many rows of one height are in sight. */

export interface RowWindow {
  /** The first row in sight, and the one after the last. */
  first: number;
  end: number;
  /** How far the first one stands above the upper edge, px. */
  offset: number;
}

/** @param scrolled px from the top, also beyond the ends as a rubber band gives it. */
export function rowWindow(scrolled: number, height: number, rowHeight: number, count: number): RowWindow {
  const furthest = Math.max(0, count * rowHeight - height);
  const top = Math.min(Math.max(0, scrolled), furthest);
  const first = Math.floor(top / rowHeight);
  return {
    first,
    end: Math.min(count, Math.ceil((top + height) / rowHeight)),
    offset: top - first * rowHeight,
  };
}

/** Where to scroll to for a row to be in sight whole: as little as needed. */
export function scrollToRow(index: number, scrolled: number, height: number, rowHeight: number): number {
  const top = index * rowHeight;
  if (top < scrolled) return top;
  return top + rowHeight > scrolled + height ? top + rowHeight - height : scrolled;
}
