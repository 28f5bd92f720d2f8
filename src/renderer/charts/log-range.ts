/** The y axis: how far it reaches, linear or logarithmic, and where its ticks are. */
import type { ValueKind } from './series';
import { multiples, plainLabel, roundStep } from './ticks';
import type { Ticks } from './x-axis';

export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** Extent of the numbers among `values` from index `from` up to `to`; null where there are none. */
export function extentOf(
  values: Float64Array,
  from: number,
  to: number,
  positiveOnly: boolean,
): Extent | null {
  let min = Infinity;
  let max = -Infinity;
  for (let index = from; index < to; index++) {
    const value = values[index];
    if (!Number.isFinite(value) || (positiveOnly && value <= 0)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : null;
}

/** References may make the axis this many times as long as the curves need. */
const PATIENCE = 3;

/**
 * The reference lines that the axis is stretched for: those farther away would make the curves flat.
 * @param extent of the curves.
 */
export function nearReferences(values: readonly number[], extent: Extent, log: boolean): number[] {
  const scaled = (value: number) => (log ? Math.log(value) : value);
  const usable = values.filter((value) => !log || value > 0);
  let [low, high] = [scaled(extent.min), scaled(extent.max)];
  const most = (high - low) * PATIENCE;
  // A single value has no length yet: then all of them tell something.
  if (most === 0) return usable;
  const distance = (value: number) => Math.max(low - scaled(value), scaled(value) - high, 0);
  return [...usable]
    .sort((a, b) => distance(a) - distance(b))
    .filter((value) => {
      const [lower, higher] = [Math.min(low, scaled(value)), Math.max(high, scaled(value))];
      if (higher - lower > most) return false;
      [low, high] = [lower, higher];
      return true;
    });
}

/** With a little room above and below. */
export function linearRange(extent: Extent | null): Extent {
  if (!extent) return { min: 0, max: 1 };
  const { min, max } = extent;
  const room = (max - min) * 0.06 || Math.abs(max) * 0.1 || 1;
  return {
    // What begins at zero is not shown to go below.
    min: min >= 0 && min - room < 0 ? Math.min(0, min) : min - room,
    max: max + room,
  };
}

/** @param extent of positive numbers; a curve without any is shown on a decade of its own. */
export function logRange(extent: Extent | null): Extent {
  if (!extent) return { min: 0.1, max: 1 };
  const ratio = Math.max((extent.max / extent.min) ** 0.06, 1.02);
  return { min: extent.min / ratio, max: extent.max * ratio };
}

/** Ticks of a linear axis. */
export function linearTicks({ min, max }: Extent, most: number, kind: ValueKind): Ticks {
  if (!(max > min)) return { at: [], labels: [] };
  const step = roundStep(max - min, most);
  const at = multiples(min, max, step);
  return { at, labels: labelled(at, step, kind) };
}

/** Decades where there are at least two, 1-2-5 where there is more than half of one, else as on a linear axis. */
export function logTicks({ min, max }: Extent, most: number, kind: ValueKind): Ticks {
  const decades = Math.log10(max / min);
  if (decades < 0.7) return linearTicks({ min, max }, most, kind);
  const every = Math.max(1, Math.ceil(decades / most));
  const digits = decades < 2 && most >= 3 ? [1, 2, 5] : [1];
  const at: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    if (power % every !== 0) continue;
    for (const digit of digits) {
      const value = Number(`${digit}e${power}`);
      if (value >= min && value <= max) at.push(value);
    }
  }
  return { at, labels: at.map((value) => labelled([value], value, kind)[0]) };
}

function labelled(at: number[], step: number, kind: ValueKind): string[] {
  if (kind === 'percent') return at.map((value) => `${plainLabel(value * 100, step * 100, 1)} %`);
  const largest = Math.max(...at.map(Math.abs));
  return at.map((value) => plainLabel(value, step, largest));
}
