/** A run's colour and dash: its own for ever. Ten colours, and a dash pattern for each further ten runs. */

const COLORS = 10;

/** Lengths in px: drawn, left out, drawn, ... */
const dashes: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 3],
  [9, 3, 2, 3],
  [4, 2],
  [12, 3, 2, 3, 2, 3],
];

export interface RunColor {
  /** A custom property of tokens.css; for a canvas see `resolveColor`. */
  css: string;
  dash: number[];
}

/** @param color as a run row has it. */
export function runColor(color: number): RunColor {
  return {
    css: `var(--run-${color % COLORS})`,
    dash: [...dashes[Math.floor(color / COLORS) % dashes.length]],
  };
}
