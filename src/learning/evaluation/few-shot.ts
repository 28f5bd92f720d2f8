/**
 * Few-shot classification of embeddings: each class is the mean of a few of its vectors at unit length, and a query
 * belongs to the class whose mean has the largest cosine with it (Snell et al. 2017, arXiv 1703.05175, with the
 * cosine of Chen et al. 2019, arXiv 1904.04232).
 */
import { permutation, random } from '../../shared/random';
import { UserError } from '../../shared/errors';
import type { LabelledVectors } from './knn';

export interface FewShotOptions {
  /** Vectors of each class. */
  readonly shots: number;
  /** How often they are drawn anew. */
  readonly draws: number;
  readonly seed: number;
  readonly onDraw?: (draw: number) => unknown;
}

export interface FewShotResult {
  readonly shots: number;
  /** Mean over the draws of the share of queries that are right, in [0, 1]. */
  readonly accuracy: number;
  /** Half of the 95 % confidence interval of that mean; 0 of a single draw. */
  readonly interval: number;
}

/** @throws UserError where a class of the bank has fewer vectors than `shots`. */
export async function fewShot(
  bank: LabelledVectors,
  queries: LabelledVectors,
  { shots, draws, seed, onDraw }: FewShotOptions,
): Promise<FewShotResult> {
  const classes = membersOf(bank);
  for (const [label, members] of classes)
    if (members.length < shots)
      throw new UserError(
        `${shots} images of each class were asked for, and class ${label} has ${members.length} in the bank`,
        `Ask for at most ${members.length}.`,
        'usage',
      );
  const bankUnits = units(bank);
  const queryUnits = units(queries);
  const accuracies: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const means = new Map<number, Float64Array>();
    for (const [label, members] of classes) {
      const order = permutation(members.length, random(seed, 'subset', 4, draw, label));
      const chosen = Array.from(order.subarray(0, shots), (i) => members[i]);
      means.set(label, meanDirection(bankUnits, bank.size, chosen));
    }
    accuracies.push(share(queryUnits, queries, means));
    await onDraw?.(draw + 1);
  }
  return { shots, ...summary(accuracies) };
}

function summary(values: readonly number[]): { accuracy: number; interval: number } {
  const accuracy = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { accuracy, interval: 0 };
  const variance = values.reduce((sum, value) => sum + (value - accuracy) ** 2, 0) / (values.length - 1);
  return { accuracy, interval: 1.96 * Math.sqrt(variance / values.length) };
}

/** Rows of each class, classes ascending. */
function membersOf({ labels }: LabelledVectors): [number, number[]][] {
  const members = Map.groupBy(Array.from(labels).keys(), (row) => labels[row]);
  return [...members].sort(([a], [b]) => a - b);
}

function units({ data, size }: LabelledVectors): Float64Array {
  const rows = Float64Array.from(data);
  for (let start = 0; start < rows.length; start += size) normalize(rows.subarray(start, start + size));
  return rows;
}

function meanDirection(rows: Float64Array, size: number, chosen: readonly number[]): Float64Array {
  const mean = new Float64Array(size);
  for (const row of chosen) for (let i = 0; i < size; i++) mean[i] += rows[row * size + i];
  normalize(mean);
  return mean;
}

function normalize(vector: Float64Array): void {
  const length = Math.hypot(...vector);
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i] /= length;
}

function share(
  rows: Float64Array,
  { size, labels }: LabelledVectors,
  means: ReadonlyMap<number, Float64Array>,
): number {
  let right = 0;
  for (let query = 0; query < labels.length; query++) {
    let [best, nearest] = [-1, -Infinity];
    for (const [label, mean] of means) {
      let cosine = 0;
      for (let i = 0; i < size; i++) cosine += rows[query * size + i] * mean[i];
      if (cosine > nearest) [best, nearest] = [label, cosine];
    }
    if (best === labels[query]) right++;
  }
  return right / labels.length;
}
