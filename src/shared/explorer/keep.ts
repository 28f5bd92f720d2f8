/** Which image of a group of copies is suggested to be kept, and why. A suggestion: nothing is ever deleted. */
import type { CopyFacts } from './copies';

export interface KeepSuggestion {
  readonly row: number;
  /** A sentence without a full stop: "Highest resolution, 1600 x 1200". */
  readonly reason: string;
}

interface Criterion {
  /** Higher is better; -Infinity where it is not known. */
  readonly of: (facts: CopyFacts) => number;
  readonly reason: (facts: CopyFacts) => string;
}

/** The first that tells two images apart decides. */
const CRITERIA: readonly Criterion[] = [
  {
    of: ({ width, height }) => (width !== null && height !== null ? width * height : -Infinity),
    reason: ({ width, height }) => `Highest resolution, ${width} x ${height}`,
  },
  {
    // Of equal resolution the larger file was compressed least.
    of: ({ bytes }) => bytes ?? -Infinity,
    reason: ({ bytes }) => `Largest file of the highest resolution, ${bytes!.toLocaleString('en')} bytes`,
  },
  {
    of: ({ changedAt }) => (changedAt === null ? -Infinity : -changedAt),
    reason: () => 'Oldest of those of equal resolution and size',
  },
  {
    of: ({ name }) => (looksLikeCopy(name) ? 0 : 1),
    reason: () => 'Otherwise equal, and its name does not say that it is a copy',
  },
  {
    of: ({ name }) => -name.length,
    reason: () => 'Otherwise equal, and of the shortest path',
  },
];

/** @returns null where no file of the group could be looked at. */
export function suggestKept(group: readonly CopyFacts[]): KeepSuggestion | null {
  let left = group.filter(({ problem }) => problem === null);
  if (left.length === 0) return null;
  if (left.length === 1 && group.length > 1)
    return { row: left[0].row, reason: 'The only file that can be read' };
  for (const { of, reason } of CRITERIA) {
    const best = Math.max(...left.map(of));
    const kept = left.filter((facts) => of(facts) === best);
    if (kept.length === 1 && left.length > 1) return { row: kept[0].row, reason: reason(kept[0]) };
    left = kept;
  }
  return { row: left[0].row, reason: 'Equal in all that was looked at; the first of them' };
}

/** "photo (1).jpg", "photo copy.jpg", "Copy of photo.jpg", "photo-1.jpg" is not one: series are numbered so. */
function looksLikeCopy(name: string): boolean {
  const file = name.slice(name.lastIndexOf('/') + 1);
  return /\(\d+\)\.\w+$|\bcop(y|ie)\b|\bkopie\b|\bduplicate\b/i.test(file.replaceAll('_', ' '));
}
