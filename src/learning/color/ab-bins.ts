/** The colours that are told apart: squares of the ab plane that some sRGB colour falls into. Zhang et al. 2016, section 2.1. */
import { abOf } from './lab';

/** Side of a square, in units of a and b. */
export const AB_GRID = 10;
/** Colours looked at along each of R, G and B. */
const STEPS = 52;

/** Centres [a, b] of the squares, by a, then by b: 260 of them. They depend on nothing; a bin's number is for ever. */
export function abBins(): [number, number][] {
  const found = new Map<string, [number, number]>();
  for (let i = 0; i < STEPS ** 3; i++) {
    const rgb = [i % STEPS, Math.floor(i / STEPS) % STEPS, Math.floor(i / STEPS ** 2)];
    const bin = abOf(rgb.map((level) => level / (STEPS - 1))).map(toCentre) as [number, number];
    found.set(bin.join(), bin);
  }
  return [...found.values()].sort(([a1, b1], [a2, b2]) => a1 - a2 || b1 - b2);
}

/** Plus 0: a bin must not be called -0. */
const toCentre = (value: number): number => AB_GRID * Math.round(value / AB_GRID) + 0;
