/** Places of points in a scatter of a setting against a metric. */

export interface ScatterPoint {
  id: string;
  x: number;
  y: number;
}

export interface Scale {
  log: boolean;
  min: number;
  max: number;
  /** Round values, inside of [min, max]. */
  ticks: number[];
}

/** A log axis has no place for zero and less: such values are left out. */
export const fits = (value: number, log: boolean): boolean => Number.isFinite(value) && (!log || value > 0);

/** A scale with some room around the values; around a single one as much as it takes to see it in the middle. */
export function scaleOf(values: readonly number[], log: boolean): Scale {
  const known = values.filter((value) => fits(value, log));
  if (known.length === 0) return { log, min: log ? 1 : 0, max: log ? 10 : 1, ticks: [] };
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (log) {
    const room = low === high ? Math.log10(2) : Math.log10(high / low) * 0.06;
    const [min, max] = [low / 10 ** room, high * 10 ** room];
    return { log, min, max, ticks: logTicks(min, max) };
  }
  const room = low === high ? Math.abs(low) / 2 || 1 : (high - low) * 0.06;
  const [min, max] = [low - room, high + room];
  return { log, min, max, ticks: linearTicks(min, max) };
}

/** In [0, 1] from the left, or from the bottom. */
export function place(value: number, { log, min, max }: Scale): number {
  return log ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
}

function linearTicks(min: number, max: number): number[] {
  const rough = (max - min) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  const first = Math.ceil(min / step);
  const count = Math.floor(max / step) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Powers of ten; with few of them 2 and 5 times as well. */
function logTicks(min: number, max: number): number[] {
  const decades = Math.log10(max / min);
  const factors = decades > 3 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(12));
      if (tick >= min && tick <= max) ticks.push(tick);
    }
  }
  return ticks;
}

/** The points from left to right, as the arrow keys walk them. */
export const leftToRight = (points: readonly ScatterPoint[]): ScatterPoint[] =>
  [...points].sort((a, b) => a.x - b.x || a.y - b.y);

/** A round value on an axis: "0.001", "1e-5", "20,000". */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return value.toExponential().replace('e+', 'e');
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}
