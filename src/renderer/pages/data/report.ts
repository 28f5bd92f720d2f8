/** A data set's report in words and bars. */
import type { Dataset, DatasetReport } from '../../../shared/api/datasets';
import { timeLeft } from '../../lib/format';

export interface ClassBar {
  readonly name: string;
  readonly count: number;
  /** Of the largest class, in [0, 1]. */
  readonly share: number;
}

/** One bar a class, in the order of the data. */
export function classBars(report: DatasetReport): ClassBar[] {
  const classes = report.classes ?? [];
  const most = Math.max(1, ...classes.map(({ count }) => count));
  return classes.map(({ name, count }) => ({ name, count, share: count / most }));
}

/** "32 × 32 px", or from the smallest to the largest with the median. */
export function sizeText({ size }: DatasetReport): string {
  if (!size) return 'not known';
  const { minWidth, maxWidth, minHeight, maxHeight, medianWidth, medianHeight } = size;
  if (minWidth === maxWidth && minHeight === maxHeight) return `${minWidth} × ${minHeight} px, all of them`;
  return `${minWidth} × ${minHeight} to ${maxWidth} × ${maxHeight} px, median ${medianWidth} × ${medianHeight} px`;
}

export const stateText: Record<Dataset['state'], string> = {
  checking: 'Checking',
  ready: 'Ready',
  failed: 'Cannot be used',
  missing: 'Missing',
};

/** How far a check is, in [0, 1]; null where it cannot be said. */
export function checkShare({ progress }: Dataset): number | null {
  return progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : null;
}

/** How far a check is, as a sentence. */
export function checkText({ progress }: Dataset): string {
  if (!progress || progress.total === 0) return 'Looking for images…';
  const { done, total, secondsLeft } = progress;
  const left = secondsLeft === null ? '' : `, ${timeLeft(secondsLeft)} left`;
  return `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} images looked at${left}.`;
}

/** Unreadable files whose path or reason has the words, in any order. */
export function filterSkipped(skipped: DatasetReport['skipped'], text: string): DatasetReport['skipped'] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return skipped;
  return skipped.filter(({ path, reason }) => {
    const hay = `${path} ${reason}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

/** One file a line, with its reason behind a tab: pastes into a table. */
export const skippedAsText = (skipped: DatasetReport['skipped']): string =>
  skipped.map(({ path, reason }) => `${path}\t${reason}`).join('\n');

/** Reasons and how often each occurs, most frequent first. */
export function reasonsOf(skipped: DatasetReport['skipped']): { reason: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}
