/**
 * Where a tensor's axes lie in memory. A layout is a permutation: physical axis i holds logical axis layout[i].
 * So a transpose only renames the layout, and a physical Transpose is written where an op demands another order.
 * `blocked` is onnxruntime's NCHWc: channels in blocks that fill a vector register, CPU only.
 */
export type Permutation = readonly number[];
export type Layout = Permutation | 'blocked';

export const NCHW: Permutation = [0, 3, 1, 2];

export const identity = (rank: number): Permutation => Array.from({ length: rank }, (_, axis) => axis);

export const isIdentity = (layout: Layout): boolean =>
  layout !== 'blocked' && layout.every((axis, i) => axis === i);

export const sameLayout = (a: Layout, b: Layout): boolean => String(a) === String(b);

/** The sizes in memory order. */
export const physicalShape = (shape: readonly number[], layout: Permutation): number[] =>
  layout.map((axis) => shape[axis]);

/** What to give ONNX's Transpose to go from one layout to another. */
export const transposition = (from: Permutation, to: Permutation): number[] =>
  to.map((axis) => from.indexOf(axis));

/** The layout of transpose(x, perm) where x lies in `layout` and nothing moves: new axis i is old axis perm[i]. */
export const renamed = (layout: Permutation, perm: Permutation): Permutation =>
  layout.map((axis) => perm.indexOf(axis));

/** Whether moving from one layout to another keeps the memory as it is: axes of size 1 may move freely. */
export function sameMemory(shape: readonly number[], from: Permutation, to: Permutation): boolean {
  const long = (layout: Permutation) => layout.filter((axis) => shape[axis] !== 1).join();
  return long(from) === long(to);
}
