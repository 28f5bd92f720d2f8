/**
 * Approximate search: a navigable graph of the vectors (HNSW, Malkov & Yashunin 2016, arXiv:1603.09320, as usearch has
 * it) that is looked at in a few thousand places instead of all. Vectors inside are halved to 16 bits; what it finds is
 * scored again with the true ones.
 */
import usearch from 'usearch';
import { BestHits, type Hit } from './hits';
import { dot } from './exact';

/** Links of a node in the upper layers; twice as many in the lowest. */
const CONNECTIVITY = 16;
/** Places that are kept in view while a node's links are chosen. */
const EXPANSION_ADD = 128;
/** Places that are kept in view while searching: what recall is bought with. */
export const EXPANSION_SEARCH = 128;
/** Rows of the graph that are scored again for each that is asked for: what rounding misplaced. */
const SPARE = 2;
const LEAST_CANDIDATES = 50;
const WARM_WALKS = 100;

const newIndex = (size: number): InstanceType<typeof usearch.Index> =>
  new usearch.Index({
    dimensions: size,
    metric: usearch.MetricKind.IP,
    quantization: usearch.ScalarKind.F16,
    connectivity: CONNECTIVITY,
    expansion_add: EXPANSION_ADD,
    expansion_search: EXPANSION_SEARCH,
    multi: false,
  });

export class IndexBuilder {
  private readonly index: InstanceType<typeof usearch.Index>;
  private count = 0;

  constructor(
    size: number,
    private readonly threads: number,
  ) {
    this.index = newIndex(size);
  }

  /** The next rows. @param vectors [rows, size], an array of its own: usearch ignores where a view begins. */
  add(vectors: Float32Array, rows: number): void {
    const keys = BigUint64Array.from({ length: rows }, (_, i) => BigInt(this.count + i));
    this.index.add(keys, vectors, this.threads);
    this.count += rows;
  }

  save(file: string): void {
    this.index.save(file);
  }
}

export class ApproximateIndex {
  private constructor(private readonly index: InstanceType<typeof usearch.Index>) {}

  /**
   * Maps the file: it is read as it is searched, and memory is the system's to give and take.
   * @throws Error where it is of another version of usearch, damaged, or not of `count` vectors of `size` numbers.
   */
  static open(file: string, { size, count }: { size: number; count: number }): ApproximateIndex {
    const index = newIndex(size);
    index.view(file);
    // The file's own dimensions take the place of those that were asked for.
    if (index.dimensions() !== size || index.size() !== count)
      throw new Error(
        `It has ${index.size()} vectors of ${index.dimensions()} numbers; expected ${count} of ${size}`,
      );
    return new ApproximateIndex(index);
  }

  get count(): number {
    return this.index.size();
  }

  /**
   * @param query [size], of unit length.
   * @param readRow the true vector of a row, [size].
   * @returns at most `k`, best first, with scores in double precision; `set` is put on them.
   */
  search(query: Float32Array, k: number, set: number, readRow: (row: number) => Float32Array): Hit[] {
    const wanted = Math.min(this.count, Math.max(SPARE * k, LEAST_CANDIDATES));
    if (wanted === 0) return [];
    const found = this.index.search(query.slice(), wanted, 1);
    const best = new BestHits(k);
    for (const key of found.keys) {
      const row = Number(key);
      const vector = readRow(row);
      best.offer({ set, row, score: dot({ vectors: vector, size: vector.length }, 0, query) });
    }
    return best.sorted();
  }

  /**
   * Walks the graph from many rows, so that the parts that every walk passes are in memory: the first queries after
   * {@link open} would wait for them.
   */
  warm(readRow: (row: number) => Float32Array): void {
    const walks = Math.min(this.count, WARM_WALKS);
    for (let i = 0; i < walks; i++) {
      this.search(readRow(Math.floor((i * this.count) / walks)), 1, 0, readRow);
    }
  }
}
