import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../src/explorer/map/eigen';
import { pca } from '../../../src/explorer/map/pca';
import { random } from '../../../src/shared/random';

describe('symmetricEigen', () => {
  it('knows the eigenvalues of a matrix worked out by hand', () => {
    const { values, vectors } = symmetricEigen([
      [2, 1, 0],
      [1, 2, 0],
      [0, 0, 5],
    ]);
    [5, 3, 1].forEach((value, i) => expect(values[i]).toBeCloseTo(value, 12));
    expect(Math.abs(vectors[1][0])).toBeCloseTo(Math.SQRT1_2, 12);
    expect(vectors[1][0]).toBeCloseTo(vectors[1][1], 12);
  });

  it('takes a random matrix apart so that it can be put together again', () => {
    const source = random(3, 'method');
    const half = Array.from({ length: 8 }, () => Array.from({ length: 8 }, () => source.normal()));
    const matrix = half.map((row, i) => row.map((value, j) => value + half[j][i]));
    const { values, vectors } = symmetricEigen(matrix);
    matrix.forEach((row, i) =>
      row.forEach((value, j) => {
        const again = values.reduce((sum, eigen, e) => sum + eigen * vectors[e][i] * vectors[e][j], 0);
        expect(again).toBeCloseTo(value, 10);
      }),
    );
  });
});

describe('pca', () => {
  /** Axis-parallel variances 9, 4, then ones, around a mean far away. */
  const cloud = (count: number) => {
    const source = random(1, 'method');
    const scales = [1, 3, 1, 2, ...Array<number>(16).fill(1)];
    return {
      data: Float32Array.from({ length: count * 20 }, (_, i) => 7 + scales[i % 20] * source.normal()),
      size: 20,
    };
  };

  it('finds the directions of most variance and their shares of it', async () => {
    const { points, variance } = await pca(cloud(4000), 0);
    const whole = 9 + 4 + 18;
    expect(variance[0]).toBeCloseTo(9 / whole, 1);
    expect(variance[1]).toBeCloseTo(4 / whole, 1);
    const x = points.filter((_, i) => i % 2 === 0);
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const spread = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
    expect(mean).toBeCloseTo(0, 3);
    expect(Math.sqrt(spread)).toBeCloseTo(3, 0);
  });

  it('agrees with an exact decomposition of the covariance', async () => {
    const { data, size } = cloud(500);
    const mean = Array.from({ length: size }, (_, i) => columnMean(data, size, i));
    const covariance = mean.map((a, i) =>
      mean.map((b, j) =>
        columnMean(
          data.map((_, at) => (data[at - (at % size) + i] - a) * (data[at - (at % size) + j] - b)),
          size,
          0,
        ),
      ),
    );
    const { values } = symmetricEigen(covariance);
    const whole = values.reduce((sum, value) => sum + value, 0);
    const { variance } = await pca({ data, size }, 0);
    expect(variance[0]).toBeCloseTo(values[0] / whole, 5);
    expect(variance[1]).toBeCloseTo(values[1] / whole, 5);
  });

  it('puts vectors that are all the same at the middle', async () => {
    const { points, variance } = await pca({ data: new Float32Array(60).fill(0.1), size: 6 }, 0);
    expect([...points].every((value) => value === 0)).toBe(true);
    expect(variance).toEqual([0, 0]);
  });

  it('has a second axis of zeros where vectors have one number', async () => {
    const { points, variance } = await pca({ data: Float32Array.of(-1, 1, -1, 1), size: 1 }, 0);
    expect([...points]).toEqual([-1, 0, 1, 0, -1, 0, 1, 0]);
    expect(variance[0]).toBeCloseTo(1, 6);
    expect(variance[1]).toBe(0);
  });
});

function columnMean(data: Float32Array, size: number, column: number): number {
  let sum = 0;
  for (let at = column; at < data.length; at += size) sum += data[at];
  return sum / (data.length / size);
}
