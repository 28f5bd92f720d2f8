/** Inner products of vectors, which of unit length are cosines. */

/** [count, size], each of unit length. */
export interface Rows {
  readonly data: Float32Array;
  readonly size: number;
}

export const countOf = ({ data, size }: Rows): number => data.length / size;

/** Rows `from` to `to` (not included) as a view. */
export const slice = ({ data, size }: Rows, from: number, to: number): Rows => ({
  data: data.subarray(from * size, to * size),
  size,
});

/** Rows in another order, repeats allowed. */
export function gather({ data, size }: Rows, order: ArrayLike<number>): Rows {
  const out = new Float32Array(order.length * size);
  for (let i = 0; i < order.length; i++)
    out.set(data.subarray(order[i] * size, (order[i] + 1) * size), i * size);
  return { data: out, size };
}

/** All of `first`, then all of `second`, where there is one. @throws Error where their rows are not of one length. */
export function join(first: Rows, second: Rows | null): Rows {
  if (!second) return first;
  if (first.size !== second.size) throw new Error(`Rows of ${first.size} and of ${second.size} numbers`);
  const data = new Float32Array(first.data.length + second.data.length);
  data.set(first.data);
  data.set(second.data, first.data.length);
  return { data, size: first.size };
}

/**
 * Products of all rows of `first` with all of `second`, [first, second], in float32. The runner multiplies on a
 * device. The answer is valid until the next call.
 */
export type Products = (first: Rows, second: Rows) => Float32Array | Promise<Float32Array>;

/** Without a device: for few rows. */
export const plainProducts: Products = (first, second) => {
  const [n, m] = [countOf(first), countOf(second)];
  const out = new Float32Array(n * m);
  for (let a = 0; a < n; a++) for (let b = 0; b < m; b++) out[a * m + b] = dot(first, a, second, b);
  return out;
};

/** Of two rows, in double precision. */
export function dot(first: Rows, a: number, second: Rows, b: number): number {
  const { size } = first;
  const [aAt, bAt] = [a * size, b * size];
  let sum = 0;
  for (let i = 0; i < size; i++) sum += first.data[aAt + i] * second.data[bAt + i];
  return sum;
}
