/** A perceptually even ramp from dark blue to light yellow: cividis, which reads the same to colour-blind eyes. */

/** Cividis at equal steps (Nuñez, Anderton, Renslow 2018), sRGB. */
const STOPS: readonly (readonly [number, number, number])[] = [
  [0, 34, 78],
  [18, 53, 112],
  [59, 73, 108],
  [87, 93, 109],
  [112, 113, 115],
  [138, 134, 120],
  [165, 156, 116],
  [195, 179, 105],
  [225, 204, 85],
  [254, 232, 56],
];

/** @param value in [0, 1]. @returns red, green, blue, 0 to 255. */
export function heat(value: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, value)) * (STOPS.length - 1);
  const low = Math.min(STOPS.length - 2, Math.floor(at));
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(STOPS[low][channel] + (STOPS[low + 1][channel] - STOPS[low][channel]) * (at - low));
  return [mix(0), mix(1), mix(2)];
}
