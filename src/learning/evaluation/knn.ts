/**
 * Weighted k-nearest-neighbour classification of embeddings: how good a representation is, without training.
 * Wu et al. 2018 (arXiv 1805.01978), section 3.4; the protocol of DINO's eval_knn.
 */
import type { Device } from '../../engine';
import { nearestNeighbours, type Neighbours, type SearchOptions, type Vectors } from './neighbours';

/** Vectors with the class of each. */
export interface LabelledVectors extends Vectors {
  /** [count], each at least 0. */
  readonly labels: ArrayLike<number>;
}

export interface KnnOptions extends SearchOptions {
  /** How many neighbours vote; several at once cost no more than the largest. At most the size of the bank. */
  readonly k: readonly number[];
  /** A neighbour's vote weighs exp(similarity / temperature). */
  readonly temperature: number;
}

export interface KnnResult {
  /** Neighbours that voted: the k asked for, or the size of the bank. */
  readonly k: number;
  /** Share of the queries whose class won, in [0, 1]. */
  readonly accuracy: number;
  /** The winning class of each query. */
  readonly predictions: Int32Array;
}

/** @returns one result for each of `options.k`, in that order. */
export async function classifyByNeighbours(
  device: Pick<Device, 'prepare'>,
  bank: LabelledVectors,
  queries: LabelledVectors,
  { k: wanted, temperature, ...search }: KnnOptions,
): Promise<KnnResult[]> {
  const neighbours = await nearestNeighbours(device, bank, queries, Math.max(...wanted), search);
  return wanted.map((k) => {
    const voters = Math.min(k, neighbours.k);
    const predictions = vote(neighbours, bank.labels, voters, temperature);
    let right = 0;
    for (const [query, prediction] of predictions.entries())
      if (prediction === queries.labels[query]) right++;
    return { k: voters, accuracy: right / predictions.length, predictions };
  });
}

/**
 * The class with the heaviest votes among the first `voters` neighbours of each query, the lower one among equals.
 * @param labels of the bank.
 */
export function vote(
  { k, indices, similarities }: Neighbours,
  labels: ArrayLike<number>,
  voters: number,
  temperature: number,
): Int32Array {
  let classes = 0;
  for (let i = 0; i < labels.length; i++) classes = Math.max(classes, labels[i] + 1);
  const votes = new Float64Array(classes);
  return Int32Array.from({ length: indices.length / k }, (_, query) => {
    votes.fill(0);
    const nearest = similarities[query * k];
    // Relative to the nearest one, so that no temperature overflows.
    for (let i = query * k; i < query * k + voters; i++)
      votes[labels[indices[i]]] += Math.exp((similarities[i] - nearest) / temperature);
    return votes.indexOf(Math.max(...votes));
  });
}
