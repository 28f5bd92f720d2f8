/** Which rows are chosen, and which one the keys speak of. Rows are known by run id, so that both survive new orders. */

export interface Selection {
  readonly chosen: ReadonlySet<string>;
  /** The row the keys speak of. */
  readonly cursor: string | null;
  /** Where a range with Shift begins. */
  readonly anchor: string | null;
}

export const NOTHING: Selection = { chosen: new Set(), cursor: null, anchor: null };

/** @param order ids as they are shown. */
export function moveCursor(selection: Selection, order: readonly string[], by: number): Selection {
  if (order.length === 0) return { ...selection, cursor: null };
  const at = selection.cursor === null ? -1 : order.indexOf(selection.cursor);
  // From nowhere, down goes to the first row and up to the last.
  const next = at < 0 ? (by > 0 ? 0 : order.length - 1) : at + by;
  return { ...selection, cursor: order[Math.min(order.length - 1, Math.max(0, next))] };
}

export function toggle(selection: Selection, id: string): Selection {
  const chosen = new Set(selection.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { chosen, cursor: id, anchor: id };
}

/** All from the anchor to `id` become chosen; without an anchor in sight only `id`. */
export function extendTo(selection: Selection, order: readonly string[], id: string): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(id);
  if (to < 0) return selection;
  const start = from < 0 ? to : from;
  const range = order.slice(Math.min(start, to), Math.max(start, to) + 1);
  return {
    chosen: new Set([...selection.chosen, ...range]),
    cursor: id,
    anchor: from < 0 ? id : selection.anchor,
  };
}

/** All that are shown; where they all are already, none of them. */
export function toggleAll(selection: Selection, order: readonly string[]): Selection {
  const all = order.length > 0 && order.every((id) => selection.chosen.has(id));
  const chosen = new Set(selection.chosen);
  for (const id of order) {
    if (all) chosen.delete(id);
    else chosen.add(id);
  }
  return { ...selection, chosen };
}

/** Without the runs that are no more. @returns the same object where nothing is lost. */
export function prune(selection: Selection, exists: (id: string) => boolean): Selection {
  const gone = (id: string | null) => id !== null && !exists(id);
  const lost = [...selection.chosen].some((id) => !exists(id));
  if (!lost && !gone(selection.cursor) && !gone(selection.anchor)) return selection;
  return {
    chosen: new Set([...selection.chosen].filter(exists)),
    cursor: gone(selection.cursor) ? null : selection.cursor,
    anchor: gone(selection.anchor) ? null : selection.anchor,
  };
}
