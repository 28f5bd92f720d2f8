/** Which end of a curve is good. */

/** By the metric's name; undefined where neither end is (a learning rate). */
export function betterDirection(name: string): 'lower' | 'higher' | undefined {
  if (/loss|error/i.test(name)) return 'lower';
  if (/knn|accuracy|recall|precision|top\d/i.test(name)) return 'higher';
  return undefined;
}
