/** Smoothing of a curve: an exponential moving average without the pull towards where it begins. */

/** Beyond this many points the average works on equal shares of the whole curve instead of points. */
const FINEST = 1000;

/**
 * @param values gaps are NaN; they stay gaps and do not disturb the average.
 * @param at where on the curve each value stands (steps), rising.
 * @param weight of what came before, in [0, 1): 0 changes nothing. It is for one point of a curve of evenly spaced
 *   points; where the spacing differs, as in a curve that is finer in one place, it is raised to the distance, so that
 *   a curve looks equally smooth at every zoom.
 */
export function smooth(values: Float64Array, at: Float64Array, weight: number): Float64Array {
  if (weight <= 0 || values.length < 2) return values;
  const out = new Float64Array(values.length);
  const span = at.at(-1)! - at[0];
  const unit = span / Math.min(values.length - 1, FINEST) || 1;
  const rate = Math.log(Math.min(weight, 0.9999)) / unit;
  let sum = 0;
  let total = 0;
  let before = at[0] - unit;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (!Number.isFinite(value)) {
      out[index] = value;
      continue;
    }
    const keep = Math.exp(rate * (at[index] - before));
    before = at[index];
    sum = keep * sum + (1 - keep) * value;
    total = keep * total + (1 - keep);
    out[index] = total > 0 ? sum / total : value;
  }
  return out;
}
