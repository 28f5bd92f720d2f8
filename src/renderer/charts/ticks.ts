/** Round numbers along an axis, and how they are written. */

/** The least of 1, 2, 5 x 10^n that cuts `span` into at most `most` pieces. */
export function roundStep(span: number, most: number): number {
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = rough / power;
  // A hair of room: 0.1 + 0.2 must not ask for the next one.
  const round = [1, 2, 5].find((candidate) => digit <= candidate * (1 + 1e-9)) ?? 10;
  return round * power;
}

/** All multiples of `step` from `min` to `max`. */
export function multiples(min: number, max: number, step: number): number[] {
  const out: number[] = [];
  const last = Math.floor(max / step + 1e-9);
  for (let n = Math.ceil(min / step - 1e-9); n <= last; n++) out.push(Number((n * step).toPrecision(12)));
  return out;
}

/** Written with as many digits as tell neighbours apart: "0.02", "12.5k", "2e-4". */
export function plainLabel(value: number, step: number, largest: number): string {
  if (value === 0) return '0';
  const size = Math.max(Math.abs(largest), Math.abs(value));
  if (size < 0.001 || size >= 1e9) return shortExponent(value, step);
  if (size >= 1e6) return `${decimals(value / 1e6, step / 1e6)}M`;
  if (size >= 10_000) return `${decimals(value / 1000, step / 1000)}k`;
  return decimals(value, step);
}

function decimals(value: number, step: number): string {
  const digits = Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9)));
  return (formats[digits] ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: digits })).format(
    value,
  );
}

/** By digits: making one costs more than a frame's worth of labels. */
const formats: (Intl.NumberFormat | undefined)[] = [];

function shortExponent(value: number, step: number): string {
  const power = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const digits = Math.max(0, power - Math.floor(Math.log10(step) + 1e-9));
  return value.toExponential(Math.min(6, digits)).replace('e+', 'e');
}
