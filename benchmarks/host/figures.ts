/** Figures as lines: what was measured, the value, and the aim beside it. */

/** One line. `aim` is a bound that the value has to keep; none where the figure only informs. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly aim?: { readonly atMost: number } | { readonly atLeast: number };
  /** Said behind the value: spread, sizes. */
  readonly note?: string;
}

export function isMissed({ value, aim }: Figure): boolean {
  if (!aim) return false;
  // A comparison with NaN is false: what could not be measured is missed.
  return 'atMost' in aim ? !(value <= aim.atMost) : !(value >= aim.atLeast);
}

export function lineOf(figure: Figure): string {
  const { what, value, unit, aim, note } = figure;
  const bound = aim && ('atMost' in aim ? `at most ${aim.atMost}` : `at least ${aim.atLeast}`);
  const verdict = bound ? `aim: ${bound} ${unit}  ${isMissed(figure) ? 'MISSED' : 'ok'}` : '';
  return `${what.padEnd(58)} ${rounded(value).padStart(8)} ${unit.padEnd(11)} ${verdict.padEnd(34)} ${note ?? ''}`.trimEnd();
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** @param share in [0, 1]; the value that this share of all values does not exceed, between two of them by line. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)];
  return low + (sorted[Math.ceil(place)] - low) * (place - Math.floor(place));
}

/** "least to most", for a note. */
export const spread = (values: readonly number[]): string =>
  `${rounded(Math.min(...values))} to ${rounded(Math.max(...values))} in ${values.length} rounds`;

function rounded(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2);
}
