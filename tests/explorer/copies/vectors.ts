/** Made-up embeddings: unit vectors around cluster centres, some of them copies of earlier ones. */
import { random } from '../../../src/shared/random';
import type { Rows } from '../../../src/explorer/products';

/** @param noise length of what is added to the centre, or to the image that a copy is of. */
export function clustered(
  count: number,
  size: number,
  options: { clusters: number; noise?: number; copies?: number; copyNoise?: number; seed?: number },
): Rows & { copyOf: number[] } {
  const { clusters, noise = 0.8, copies = 0, copyNoise = 0.1, seed = 1 } = options;
  const draw = random(seed, 'subset', 99);
  const normal = () => Array.from({ length: size }, () => draw.normal() / Math.sqrt(size));
  const centres = Array.from({ length: clusters }, normal);
  const rows: number[][] = [];
  const copyOf: number[] = [];
  for (let i = 0; i < count; i++) {
    const original = i >= count - copies ? i - (count - copies) : -1;
    const [base, spread] =
      original < 0 ? [centres[draw.integer(clusters)], noise] : [rows[original], copyNoise];
    const added = normal();
    rows.push(unit(base.map((value, j) => value + spread * added[j])));
    copyOf.push(original);
  }
  return { data: Float32Array.from(rows.flat()), size, copyOf };
}

function unit(vector: number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
