/** Panning and zooming along x within what there is to see. */
import type { Span } from './series';

/** Moves by a share of the width; stops at the ends. */
export function panned({ from, to }: Span, whole: Span, share: number): Span {
  const width = to - from;
  const left = Math.min(Math.max(from + share * width, whole.from), Math.max(whole.from, whole.to - width));
  return { from: left, to: left + width };
}

/**
 * @param factor of the new width to the old.
 * @param around the place that stays where it is.
 * @returns null where all is in view again.
 */
export function zoomed(range: Span, whole: Span, factor: number, around: number): Span | null {
  const from = Math.max(whole.from, around - (around - range.from) * factor);
  const to = Math.min(whole.to, around + (range.to - around) * factor);
  if (from <= whole.from && to >= whole.to) return null;
  return to > from ? { from, to } : range;
}
