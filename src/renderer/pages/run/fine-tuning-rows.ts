/** A run's fine-tunings as tables: a row for each share of the labels. */
import type { FineTunings } from '../../../shared/api/fine-tuning';
import type { RunRow } from '../../../shared/api/run-rows';

/** What they are compared by. */
export const TUNED_METRIC = 'testAccuracy';

export interface FineTuningRow {
  /** "10 %". */
  readonly labels: string;
  readonly scratch: RunRow | undefined;
  readonly tuned: RunRow | undefined;
}

/** The fewest labels first. */
export function fineTuningRows(
  { runs }: FineTunings[number],
  rowOf: (run: string) => RunRow | undefined,
): FineTuningRow[] {
  const shares = [...new Set(runs.map(({ labelShare }) => labelShare))].sort((a, b) => a - b);
  return shares.map((share) => {
    const find = (pretrained: boolean) => {
      const found = runs.find((one) => one.labelShare === share && one.isPretrained === pretrained);
      return found && rowOf(found.run);
    };
    return { labels: `${Number((100 * share).toPrecision(4))} %`, scratch: find(false), tuned: find(true) };
  });
}

/** "1, 10, 100" percent, as shares. @returns null where it is no list of 1 to 10 numbers above 0 and up to 100. */
export function parseShares(text: string): number[] | null {
  const percents = [
    ...new Set(
      text
        .split(/[\s,;%]+/)
        .filter(Boolean)
        .map(Number),
    ),
  ];
  if (percents.length < 1 || percents.length > 10) return null;
  // 7 / 100 is 0.07000000000000001.
  return percents.every((value) => value > 0 && value <= 100)
    ? percents.map((value) => Number((value / 100).toPrecision(12)))
    : null;
}
