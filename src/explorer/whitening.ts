/**
 * PCA-whitening: vectors less their mean, turned to their principal axes, each axis divided by its deviation. What all
 * images share no longer makes them alike. Jégou and Chum 2012, "Negative evidences and co-occurences in image
 * retrieval: the benefit of PCA and whitening", section 2.
 *
 * In a set's folder: whitening.f32, the mean [d], then the projection [size, d], little-endian.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { UserError } from '../shared/errors';

export interface Whitening {
  /** Numbers that are kept of a vector. */
  readonly size: number;
  /** [d]. */
  readonly mean: Float32Array;
  /** [size, d]: row k is the k-th axis over its deviation. */
  readonly projection: Float32Array;
}

/** Rows that it is fitted on, evenly spaced; more change the axes little and cost time. */
const MOST_ROWS = 16_384;
/** Axes of less variance, as a share of the first one's, are noise: dividing by their deviation would blow it up. */
const LEAST_VARIANCE = 1e-7;

/**
 * @param vectors [n, d], of unit length. @param size components to keep.
 * @throws UserError where the vectors do not spread over so many axes.
 */
export function fitWhitening(vectors: Float32Array, d: number, size: number): Whitening {
  const { mean, covariance } = spread(vectors, d);
  const decomposition = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const variances = decomposition.realEigenvalues;
  const axes = decomposition.eigenvectorMatrix;
  const order = variances.map((_, k) => k).sort((a, b) => variances[b] - variances[a]);
  const floor = Math.max(variances[order[0]], 0) * LEAST_VARIANCE;
  const usable = order.filter((k) => variances[k] > floor).length;
  if (usable < size)
    throw new UserError(
      `The vectors of the set spread over ${usable} axes; whitening cannot keep ${size}.`,
      usable > 0
        ? `Keep at most ${usable}, or fit it on a set with more, and more different, images.`
        : 'Fit it on a set with more, and more different, images.',
      'usage',
    );
  const projection = new Float32Array(size * d);
  order.slice(0, size).forEach((k, row) => {
    const deviation = Math.sqrt(variances[k]);
    for (let i = 0; i < d; i++) projection[row * d + i] = axes.get(i, k) / deviation;
  });
  return { size, mean: Float32Array.from(mean), projection };
}

/** Mean and covariance (by n) of evenly spaced rows. */
function spread(vectors: Float32Array, d: number): { mean: Float64Array; covariance: Matrix } {
  const count = vectors.length / d;
  const used = Math.min(count, MOST_ROWS);
  const starts = Array.from({ length: used }, (_, i) => Math.floor((i * count) / used) * d);
  const mean = new Float64Array(d);
  for (const start of starts) for (let i = 0; i < d; i++) mean[i] += vectors[start + i] / used;
  const sums = Array.from({ length: d }, () => new Float64Array(d));
  const centred = new Float64Array(d);
  for (const start of starts) {
    for (let i = 0; i < d; i++) centred[i] = vectors[start + i] - mean[i];
    for (let i = 0; i < d; i++) {
      const row = sums[i];
      const value = centred[i];
      for (let j = 0; j <= i; j++) row[j] += value * centred[j];
    }
  }
  const covariance = new Matrix(d, d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      covariance.set(i, j, sums[i][j] / used);
      covariance.set(j, i, sums[i][j] / used);
    }
  return { mean, covariance };
}

/** [n, d] to [n, size]. */
export function whiten({ size, mean, projection }: Whitening, vectors: Float32Array): Float32Array {
  const d = mean.length;
  const count = vectors.length / d;
  const out = new Float32Array(count * size);
  const centred = new Float64Array(d);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < d; i++) centred[i] = vectors[row * d + i] - mean[i];
    for (let k = 0; k < size; k++) {
      let sum = 0;
      for (let i = 0; i < d; i++) sum += projection[k * d + i] * centred[i];
      out[row * size + k] = sum;
    }
  }
  return out;
}

export const whiteningFile = (folder: string): string => join(folder, 'whitening.f32');

/** The file's bytes. */
export function encodeWhitening({ mean, projection }: Whitening): Uint8Array {
  const numbers = new Float32Array(mean.length + projection.length);
  numbers.set(mean);
  numbers.set(projection, mean.length);
  return new Uint8Array(numbers.buffer);
}

/**
 * @param size as the set's recipe says.
 * @throws UserError where the folder has none, or it is damaged.
 */
export function readWhitening(folder: string, size: number): Whitening {
  const file = whiteningFile(folder);
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const d = bytes.length / 4 / (size + 1);
  if (bytes.length === 0 || !Number.isInteger(d))
    throw new UserError(
      `The whitening of the set, ${file}, is ${bytes.length === 0 ? 'missing' : 'damaged'}.`,
      'Remove the embedding set and embed the images again.',
    );
  // A copy, so that the numbers are aligned.
  const numbers = new Float32Array(Uint8Array.from(bytes).buffer);
  return { size, mean: numbers.slice(0, d), projection: numbers.slice(d) };
}
