/** Eigenvectors of a small symmetric matrix, in the order of their eigenvalues. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export interface Eigen {
  /** Descending. */
  readonly values: number[];
  /** `vectors[i]` belongs to `values[i]` and is of unit length. */
  readonly vectors: number[][];
}

/** @param matrix [n, n], symmetric; not changed. */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const decomposition = new EigenvalueDecomposition(new Matrix(matrix.map((row) => [...row])), {
    assumeSymmetric: true,
  });
  const { realEigenvalues: values, eigenvectorMatrix: axes } = decomposition;
  const order = values.map((_, i) => i).sort((i, j) => values[j] - values[i]);
  return { values: order.map((i) => values[i]), vectors: order.map((i) => axes.getColumn(i)) };
}
