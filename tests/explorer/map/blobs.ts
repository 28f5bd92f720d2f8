/** Well separated groups of unit vectors, for tests of the map. */
import type { Rows } from '../../../src/explorer/products';
import { random } from '../../../src/shared/random';

export interface Blobs extends Rows {
  readonly labels: string[];
}

/** @param spread of a group, against directions of length 1. */
export function blobs(count: number, size: number, groups: number, spread = 0.05, seed = 1): Blobs {
  const source = random(seed, 'method', 50);
  const centers = Array.from({ length: groups }, () =>
    unit(Array.from({ length: size }, () => source.normal())),
  );
  const rows = Array.from({ length: count }, (_, row) =>
    unit(centers[row % groups].map((value) => value + spread * source.normal())),
  );
  return {
    data: Float32Array.from(rows.flat()),
    size,
    labels: rows.map((_, row) => `group ${row % groups}`),
  };
}

function unit(values: number[]): number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
