/** The nearest rows of some queries, exactly, by products of blocks. */
import { countOf, dot, slice, type Products, type Rows } from './products';

export interface Nearest {
  /** Per query; less than was asked for where there are fewer rows. */
  readonly k: number;
  /** [queries, k]: most similar first, the lower row first among equals. */
  readonly rows: Uint32Array;
  /** [queries, k]: products in double precision. */
  readonly scores: Float64Array;
}

export interface NearestOptions {
  readonly products: Products;
  readonly block?: number;
  readonly onBlock?: (done: number, total: number) => void | Promise<void>;
}

/** Candidates beyond k, since products in float32 may put rows in another order than the doubles that rank them. */
const MARGIN = 8;

/** @param self per query, the row that it is itself and which is passed over; -1 for none. */
export async function nearest(
  rows: Rows,
  queries: Rows,
  k: number,
  self: ArrayLike<number> | null,
  { products, block = 4096, onBlock }: NearestOptions,
): Promise<Nearest> {
  const count = countOf(rows);
  const asked = countOf(queries);
  const wanted = Math.min(k, Math.max(0, self ? count - 1 : count));
  const best = Array.from({ length: asked }, () => new Shortlist(Math.min(wanted + MARGIN, count)));
  for (let from = 0; from < count; from += block) {
    const to = Math.min(count, from + block);
    const scores = await products(queries, slice(rows, from, to));
    for (let q = 0; q < asked; q++) {
      const list = best[q];
      const mine = self?.[q] ?? -1;
      const at = q * (to - from) - from;
      for (let row = from; row < to; row++)
        if (scores[at + row] > list.lowest && row !== mine) list.add(row, scores[at + row]);
    }
    await onBlock?.(to, count);
  }
  const found = {
    k: wanted,
    rows: new Uint32Array(asked * wanted),
    scores: new Float64Array(asked * wanted),
  };
  best.forEach((list, q) => {
    const ranked = list.rows.map((row) => ({ row, score: dot(queries, q, rows, row) }));
    ranked.sort((a, b) => b.score - a.score || a.row - b.row);
    for (let i = 0; i < wanted; i++) {
      found.rows[q * wanted + i] = ranked[i].row;
      found.scores[q * wanted + i] = ranked[i].score;
    }
  });
  return found;
}

/** The best rows so far, descending. */
class Shortlist {
  readonly rows: number[] = [];
  private readonly scores: number[] = [];

  constructor(private readonly size: number) {}

  get lowest(): number {
    return this.rows.length < this.size ? -Infinity : this.scores[this.size - 1];
  }

  add(row: number, score: number): void {
    let at = this.rows.length;
    while (at > 0 && this.scores[at - 1] < score) at--;
    this.rows.splice(at, 0, row);
    this.scores.splice(at, 0, score);
    if (this.rows.length > this.size) {
      this.rows.pop();
      this.scores.pop();
    }
  }
}
