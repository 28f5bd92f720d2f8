/** The shape of a curve as one SVG path. */

/**
 * @param values null is a gap.
 * @returns the path in a box of `width` x `height`, highest value at the top; empty where there are no two values.
 */
export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return '';
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const x = (index: number) => ((index / (values.length - 1)) * width).toFixed(1);
  // A flat curve runs through the middle.
  const y = (value: number) =>
    (span === 0 ? height / 2 : height - ((value - low) / span) * height).toFixed(1);
  let path = '';
  let drawing = false;
  values.forEach((value, index) => {
    if (value !== null) path += `${drawing ? 'L' : 'M'}${x(index)} ${y(value)}`;
    drawing = value !== null;
  });
  return path;
}
