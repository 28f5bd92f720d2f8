/** A colour for each class of a set: the run colours, given by the order of the names, over again beyond ten. */
import { runColor } from '../../lib/run-colors';

/** @returns a CSS colour; the quiet one for images without a class. */
export function classColor(label: string | null, classes: readonly string[] | null): string {
  const place = label === null ? -1 : (classes?.indexOf(label) ?? -1);
  return place < 0 ? 'var(--mark-off)' : runColor(place).css;
}
