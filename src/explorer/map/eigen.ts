/** Eigenvectors of a small symmetric matrix, by Jacobi's rotations (Golub & Van Loan, "Matrix Computations", 8.5). */

export interface Eigen {
  /** Descending. */
  readonly values: number[];
  /** `vectors[i]` belongs to `values[i]` and is of unit length. */
  readonly vectors: number[][];
}

const MAX_SWEEPS = 60;

/** @param matrix [n, n], symmetric; not changed. */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  const scale = Math.hypot(...a.flat());
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(a) > 1e-14 * scale; sweep++)
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, p, q);
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => v.map((row) => row[i])) };
}

const offDiagonal = (a: readonly number[][]): number =>
  Math.hypot(...a.flatMap((row, i) => row.filter((_, j) => j !== i)));

/** Makes a[p][q] zero, and turns the columns of v along. */
function rotate(a: number[][], v: number[][], p: number, q: number): void {
  if (a[p][q] === 0) return;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i][p], a[i][q]];
    a[i][p] = c * x - s * y;
    a[i][q] = s * x + c * y;
  }
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[p][i], a[q][i]];
    a[p][i] = c * x - s * y;
    a[q][i] = s * x + c * y;
    const [z, w] = [v[i][p], v[i][q]];
    v[i][p] = c * z - s * w;
    v[i][q] = s * z + c * w;
  }
}
