/** Numbers as they are typed and as they are shown in a field. */

/**
 * Reads "0.002", "2e-3", "50,000", "50 000", "1_000", and "0,5" of those whose decimal point is a comma.
 * @returns undefined where it is no number.
 */
export function parseNumber(text: string): number | undefined {
  const trimmed = text
    .trim()
    .replaceAll('−', '-')
    .replace(/(?<=\d)[ \u00a0\u202f_'](?=\d{3}(?!\d))/g, '');
  const grouped = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(trimmed);
  const plain = grouped ? trimmed.replaceAll(',', '') : trimmed.replace(/^([^,.]*),([^,.]*)$/, '$1.$2');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** Reads back as the same number: 0.0005, 1e-6, 50,000. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15)
    return Math.abs(value) >= 10_000 ? value.toLocaleString('en-US') : String(value);
  const size = Math.abs(value);
  return size < 1e-3 ? value.toExponential().replace('e+', 'e') : String(value);
}

/** Reads numbers that stand apart by commas, spaces or both: "60, 80 120". Empty text is an empty list. */
export function parseNumbers(text: string): number[] | undefined {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const values = parts.map(parseNumber);
  return values.every((value) => value !== undefined) ? values : undefined;
}

export const formatNumbers = (values: readonly number[]): string => values.map(formatPlain).join(', ');

/** Without commas of thousands, which stand between the numbers of a list. */
const formatPlain = (value: number): string => formatNumber(value).replaceAll(',', '');

/** One step up or down by the arrow keys: of the size of the last digit that matters, within the limits. */
export function nudge(
  value: number,
  direction: 1 | -1,
  { integer, low, high }: { integer: boolean; low: number; high: number },
): number {
  const size = Math.abs(value);
  const unit = size === 0 ? (high <= 1 ? 0.01 : 1) : 10 ** (Math.floor(Math.log10(size)) - 1);
  const step = integer ? Math.max(1, Math.round(unit)) : unit;
  const next = Number((value + direction * step).toPrecision(12));
  return next < low || next > high ? value : next;
}
