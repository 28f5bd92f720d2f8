/** Closeness of whole tensors, relative to the largest element as gradients are judged. */
import { expect } from 'vitest';

/** Every element within `tolerance` times the largest expected magnitude. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 2e-6): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-12);
  const worst = Math.max(...Array.from(actual, (value, i) => Math.abs(value - expected[i])));
  expect(worst / scale).toBeLessThan(tolerance);
}
