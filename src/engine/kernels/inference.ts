/** Shape arithmetic that several kernels share. */
import type { Inputs, Value } from '../graph/graph';
import type { DType, TensorSpec } from '../types';

/** NumPy's broadcasting rule. @throws Error naming both shapes. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw new Error(`shapes [${a.join(', ')}] and [${b.join(', ')}] do not fit`);
    return x === 1 ? y : x;
  });
}

/** Axes as non-negative numbers. */
export function normalAxes(axes: number | readonly number[] | null | undefined, rank: number): number[] {
  const list =
    axes === undefined || axes === null ? Array.from({ length: rank }, (_, i) => i) : [axes].flat();
  return list.map((axis) => (axis < 0 ? axis + rank : axis));
}

/** tfjs passes lists of tensors (concat, pack) under the keys "0", "1", ... */
export const listOf = (inputs: Inputs): Value[] => Object.values(inputs);

export const like = (value: TensorSpec, dtype: DType = value.dtype): TensorSpec => ({
  shape: value.shape,
  dtype,
});
