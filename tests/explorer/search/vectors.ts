/** Random directions. */
import { random } from '../../../src/shared/random';

/** [count, size], each row of unit length. */
export function unitRows(count: number, size: number, seed: number): Float32Array {
  const draw = random(seed, 'subset', 1);
  const rows = new Float32Array(count * size);
  for (let row = 0; row < count; row++) {
    const values = Array.from({ length: size }, () => draw.normal());
    const length = Math.hypot(...values);
    for (let j = 0; j < size; j++) rows[row * size + j] = values[j] / length;
  }
  return rows;
}
