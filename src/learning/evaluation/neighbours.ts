/** Exact nearest neighbours by cosine similarity: blocks of matrix products on a device, ranked on the host. */
import * as tf from '@tensorflow/tfjs-core';
import type { Device, HostTensor, StepDefinition } from '../../engine';
import { UserError } from '../../shared/errors';

/** Rows of one length: embeddings, or pixels. */
export interface Vectors {
  /** [count, size]. */
  readonly data: Float32Array;
  readonly size: number;
}

export interface Neighbours {
  /** Per query; less than was asked for where the bank is smaller. */
  readonly k: number;
  /** [queries, k]: rows of the bank, most similar first, the lower row first among equals. */
  readonly indices: Int32Array;
  /** [queries, k]: cosine similarities. */
  readonly similarities: Float64Array;
}

export interface SearchOptions {
  /** Rows of the bank compared in one run of the device. Changes speed and memory, not the answer. */
  readonly bankBlock?: number;
  /** Queries compared in one run of the device. */
  readonly queryBlock?: number;
  /** After each run of the device; may throw to end the search. */
  readonly onBlock?: (done: number, total: number) => void | Promise<void>;
}

/**
 * Candidates beyond k that the device hands over. It ranks in float32, where results differ in the last bits with
 * the block's shape; the host then ranks the candidates in double precision, which does not.
 */
const MARGIN = 16;
/** Offset of rows that only fill a block: below every similarity. */
const FILLER = -1000;

/**
 * The device computes (q - m).(b - m) + m.(b - m), with q and b of unit length and m the mean of b: q.b but for a
 * number that is the same for all b. So float32 resolves differences as fine as the vectors' own spread, also
 * where all of them point nearly the same way, as those of an untrained or collapsed encoder do.
 */
export async function nearestNeighbours(
  device: Pick<Device, 'prepare'>,
  bank: Vectors,
  queries: Vectors,
  k: number,
  { bankBlock = 4096, queryBlock = 512, onBlock }: SearchOptions = {},
): Promise<Neighbours> {
  const bankCount = bank.data.length / bank.size;
  const queryCount = queries.data.length / queries.size;
  if (bank.size !== queries.size) throw new Error(`Vectors of ${bank.size} and of ${queries.size} numbers`);
  if (bankCount === 0) throw new Error('A search needs at least one vector in the bank');

  const wanted = Math.min(k, bankCount);
  const bankNorms = inverseNorms(bank);
  const queryNorms = inverseNorms(queries);
  const mean = meanDirection(bank, bankNorms);
  const rows = Math.min(bankBlock, bankCount);
  const columns = Math.min(queryBlock, queryCount);
  const best = new Candidates(queryCount, Math.min(wanted + MARGIN, bankCount));

  const starts = (count: number, block: number) =>
    Array.from({ length: Math.ceil(count / block) }, (_, i) => i * block);
  const queryStarts = starts(queryCount, columns);
  const bankStarts = starts(bankCount, rows);
  const queryBlocks = queryStarts.map((start) => block(queries, queryNorms, mean, start, columns, 'query'));
  const step = await device.prepare(comparison(columns, rows, bank.size + 1, Math.min(best.size, rows)), {});
  try {
    let done = 0;
    for (const start of bankStarts) {
      const bankRows = block(bank, bankNorms, mean, start, rows, 'bank');
      for (const [i, queryRows] of queryBlocks.entries()) {
        const { values, indices } = await step.run({ queries: queryRows, bank: bankRows });
        const valid = Math.min(rows, bankCount - start);
        best.merge(queryStarts[i], start, valid, values, indices);
        await onBlock?.(++done, bankStarts.length * queryStarts.length);
      }
    }
  } finally {
    await step.dispose();
  }
  return rank(best, bank, bankNorms, queries, queryNorms, wanted);
}

/** [queries, size] against [bank, size]: the `count` largest products of each query and their rows. */
function comparison(queries: number, bank: number, size: number, count: number): StepDefinition {
  return {
    name: 'nearest neighbours',
    state: {},
    inputs: {
      queries: { shape: [queries, size], dtype: 'float32' },
      bank: { shape: [bank, size], dtype: 'float32' },
    },
    step: (state, inputs) => {
      const { values, indices } = tf.topk(tf.matMul(inputs.queries, inputs.bank, false, true), count, true);
      return { state, outputs: { values, indices } };
    },
  };
}

/** The best rows of each query so far, by the device's products, descending. */
class Candidates {
  readonly indices: Int32Array;
  private readonly values: Float32Array;

  constructor(
    readonly queries: number,
    /** Kept per query. */
    readonly size: number,
  ) {
    this.indices = new Int32Array(queries * size).fill(-1);
    this.values = new Float32Array(queries * size).fill(-Infinity);
  }

  /**
   * @param valid rows of the block that are vectors; the rest fill it up.
   * @param values [block, n] descending. @param indices [block, n] rows of the bank's block.
   */
  merge(firstQuery: number, firstRow: number, valid: number, values: HostTensor, indices: HostTensor): void {
    const { size } = this;
    const [block, n] = values.shape;
    const mergedValues = new Float32Array(size);
    const mergedIndices = new Int32Array(size);
    for (let q = 0; q < block && firstQuery + q < this.queries; q++) {
      const kept = (firstQuery + q) * size;
      let mine = kept;
      let theirs = q * n;
      const end = theirs + n;
      for (let i = 0; i < size; i++) {
        while (theirs < end && indices.data[theirs] >= valid) theirs++;
        if (theirs < end && values.data[theirs] > this.values[mine]) {
          mergedValues[i] = values.data[theirs];
          mergedIndices[i] = firstRow + indices.data[theirs++];
        } else {
          mergedValues[i] = this.values[mine];
          mergedIndices[i] = this.indices[mine++];
        }
      }
      this.values.set(mergedValues, kept);
      this.indices.set(mergedIndices, kept);
    }
  }
}

/** The candidates in the order of their similarities in double precision. */
function rank(
  candidates: Candidates,
  bank: Vectors,
  bankNorms: Float64Array,
  queries: Vectors,
  queryNorms: Float64Array,
  k: number,
): Neighbours {
  const { size } = bank;
  const indices = new Int32Array(candidates.queries * k);
  const similarities = new Float64Array(candidates.queries * k);
  for (let q = 0; q < candidates.queries; q++) {
    const rows = candidates.indices.subarray(q * candidates.size, (q + 1) * candidates.size);
    const scored = Array.from(rows, (row) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += queries.data[q * size + i] * bank.data[row * size + i];
      return { row, similarity: sum * queryNorms[q] * bankNorms[row] };
    });
    scored.sort((a, b) => b.similarity - a.similarity || a.row - b.row);
    for (let i = 0; i < k; i++) {
      indices[q * k + i] = scored[i].row;
      similarities[q * k + i] = scored[i].similarity;
    }
  }
  return { k, indices, similarities };
}

/** `count` rows from `start` as the device compares them: centred, with the number that completes the product. */
function block(
  { data, size }: Vectors,
  norms: Float64Array,
  mean: Float64Array,
  start: number,
  count: number,
  role: 'query' | 'bank',
): HostTensor {
  const width = size + 1;
  const rows = new Float32Array(count * width);
  for (let r = 0; r < count; r++) {
    const row = start + r;
    if (row >= norms.length) {
      rows[r * width + size] = role === 'bank' ? FILLER : 1;
      continue;
    }
    let offset = 0;
    for (let i = 0; i < size; i++) {
      const centred = data[row * size + i] * norms[row] - mean[i];
      rows[r * width + i] = centred;
      offset += mean[i] * centred;
    }
    rows[r * width + size] = role === 'bank' ? offset : 1;
  }
  return { shape: [count, width], dtype: 'float32', data: rows };
}

/**
 * 1 / length of each row; 0 for a row of zeros, whose similarities are then 0.
 * @throws UserError where a row is not finite.
 */
function inverseNorms({ data, size }: Vectors): Float64Array {
  return Float64Array.from({ length: data.length / size }, (_, row) => {
    let sum = 0;
    for (let i = row * size; i < (row + 1) * size; i++) sum += data[i] * data[i];
    if (!Number.isFinite(sum))
      throw new UserError(
        `Embedding ${row} holds infinities or values that are not numbers`,
        'The encoder has diverged: take an earlier checkpoint.',
      );
    return sum > 0 ? 1 / Math.sqrt(sum) : 0;
  });
}

/** Mean of the rows at unit length, [size]. */
function meanDirection({ data, size }: Vectors, norms: Float64Array): Float64Array {
  const mean = new Float64Array(size);
  for (let row = 0; row < norms.length; row++)
    for (let i = 0; i < size; i++) mean[i] += (data[row * size + i] * norms[row]) / norms.length;
  return mean;
}
