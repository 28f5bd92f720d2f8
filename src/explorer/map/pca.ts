/**
 * The two directions along which the vectors vary most. Subspace iteration with a random start and a small exact
 * problem at the end (Halko, Martinsson & Tropp 2011, arXiv 0909.4061): never a [size, size] matrix, since pixels
 * may have thousands of numbers.
 */
import { random } from '../../shared/random';
import { symmetricEigen } from './eigen';
import { countOf, type Rows } from '../products';
import { inParts, type OnPart } from './in-parts';

/** Directions that are followed, more than are wanted: what lies next to the wanted ones must not mix in. */
const FOLLOWED = 10;
const MAX_ROUNDS = 40;
/** Ends where no variance changes by more than this share. */
const TOLERANCE = 1e-7;
const PART = 5000;

export interface Pca {
  /** [count, 2]: coordinates along both directions, of centred vectors. */
  readonly points: Float32Array;
  /** Share of the whole variance along each direction; 0 where there is no variance. */
  readonly variance: [number, number];
}

/** The direction of an axis is arbitrary: its largest coefficient is made positive. */
export async function pca(vectors: Rows, seed: number, onPart?: OnPart): Promise<Pca> {
  const count = countOf(vectors);
  const { size } = vectors;
  const wanted = Math.min(FOLLOWED, size, count);
  const { mean, variance } = spread(vectors);
  const points = new Float32Array(count * 2);
  if (variance === 0) return { points, variance: [0, 0] };

  const source = random(seed, 'method', 1);
  let basis = orthonormal(
    Array.from({ length: wanted }, () => Float64Array.from({ length: size }, () => source.normal())),
  );
  let before: number[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const images = basis.map(() => new Float64Array(size));
    const gram = basis.map(() => basis.map(() => 0));
    await inParts(
      count,
      PART,
      (done) => onPart?.(round * count + done, MAX_ROUNDS * count),
      (from, to) => multiply(vectors, mean, basis, images, gram, from, to),
    );
    const { values, vectors: turns } = symmetricEigen(gram);
    const settled = values.every(
      (value, i) => i > 1 || Math.abs(value - (before.at(i) ?? 0)) <= TOLERANCE * value,
    );
    before = values;
    if (settled) {
      basis = turns.map((turn) => combine(basis, turn));
      break;
    }
    basis = orthonormal(turns.map((turn) => combine(images, turn)));
  }
  const axes = basis.slice(0, 2).map(upright);
  project(vectors, mean, axes, points);
  const share = (axis: number) => Math.min(1, (before.at(axis) ?? 0) / (variance * count));
  return { points, variance: [share(0), axes.length > 1 ? share(1) : 0] };
}

/** Mean of the rows, and the sum of their numbers' variances. */
function spread({ data, size }: Rows): { mean: Float64Array; variance: number } {
  const mean = new Float64Array(size);
  for (let at = 0; at < data.length; at += size) for (let i = 0; i < size; i++) mean[i] += data[at + i];
  const count = data.length / size;
  for (let i = 0; i < size; i++) mean[i] /= count;
  let squares = 0;
  for (let at = 0; at < data.length; at += size)
    for (let i = 0; i < size; i++) squares += (data[at + i] - mean[i]) ** 2;
  const variance = squares / count;
  // Equal rows have rounding errors, not variance.
  return { mean, variance: variance > 1e-12 ? variance : 0 };
}

/** Adds C b to `images` for each b of the basis, and b C b' to `gram`, with C the unscaled covariance of these rows. */
function multiply(
  { data, size }: Rows,
  mean: Float64Array,
  basis: readonly Float64Array[],
  images: readonly Float64Array[],
  gram: readonly number[][],
  from: number,
  to: number,
): void {
  const row = new Float64Array(size);
  const along = new Float64Array(basis.length);
  for (let r = from; r < to; r++) {
    for (let i = 0; i < size; i++) row[i] = data[r * size + i] - mean[i];
    for (let b = 0; b < basis.length; b++) along[b] = dot(row, basis[b]);
    for (let b = 0; b < basis.length; b++) {
      const image = images[b];
      const weight = along[b];
      for (let i = 0; i < size; i++) image[i] += weight * row[i];
      for (let c = 0; c < basis.length; c++) gram[b][c] += weight * along[c];
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function combine(basis: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(basis[0].length);
  basis.forEach((vector, b) => {
    for (let i = 0; i < sum.length; i++) sum[i] += weights[b] * vector[i];
  });
  return sum;
}

/** Gram-Schmidt, twice: once is not enough in floating point. What depends on the others becomes zero. */
function orthonormal(vectors: Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const vector of vectors) {
    const length = Math.sqrt(dot(vector, vector));
    for (let time = 0; time < 2; time++)
      for (const other of done) {
        const along = dot(vector, other);
        for (let i = 0; i < vector.length; i++) vector[i] -= along * other[i];
      }
    const left = Math.sqrt(dot(vector, vector));
    const scale = left > 1e-10 * length ? 1 / left : 0;
    for (let i = 0; i < vector.length; i++) vector[i] *= scale;
    done.push(vector);
  }
  return done;
}

function upright(axis: Float64Array): Float64Array {
  let largest = 0;
  for (const value of axis) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? axis.map((value) => -value) : axis;
}

function project(
  { data, size }: Rows,
  mean: Float64Array,
  axes: readonly Float64Array[],
  points: Float32Array,
): void {
  axes.forEach((axis, a) => {
    for (let row = 0; row * size < data.length; row++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += (data[row * size + i] - mean[i]) * axis[i];
      points[row * 2 + a] = sum;
    }
  });
}
