/** Figures of an estimate as a person reads them. */

/** What a run takes of the machine's memory, in [0, ∞). */
export const memoryShare = (peakBytes: number, machineBytes: number): number => peakBytes / machineBytes;

/** 712,384 is "712 k", 11,200,000 "11.2 M". */
export function shortCount(value: number): string {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value < size * 0.9995) continue;
    const scaled = value / size;
    return `${scaled >= 99.95 ? scaled.toFixed(0) : scaled.toFixed(1)} ${unit}`;
  }
  return String(value);
}

/** What the button that puts a run into the queue says. */
export const trainTitle = (before: number): string =>
  before === 0 ? 'Train' : `Add to queue (${before} before it)`;
