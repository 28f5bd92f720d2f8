import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  encodeWhitening,
  fitWhitening,
  readWhitening,
  whiten,
  whiteningFile,
} from '../../src/explorer/whitening';
import { random } from '../../src/shared/random';

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'selvedge-whitening-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};

/** Four points on a tilted cross: axes (1, 1) and (1, -1) over sqrt(2), variances 4 and 1, around (10, 20). */
const CROSS = Float32Array.of(12, 22, 8, 18, 11, 19, 9, 21);

it('finds the axes of a hand-made case, the widest first', () => {
  const { mean, projection } = fitWhitening(CROSS, 2, 2);
  expect([...mean]).toEqual([10, 20]);
  // Half of the points lie on an axis, so that the variances are 4 and 1: deviations 2 and 1.
  const first = projection.slice(0, 2).map(Math.abs);
  const second = projection.slice(2).map(Math.abs);
  expect(first[0]).toBeCloseTo(Math.SQRT1_2 / 2, 6);
  expect(first[1]).toBeCloseTo(Math.SQRT1_2 / 2, 6);
  expect(second[0]).toBeCloseTo(Math.SQRT1_2, 6);
  expect(Math.sign(projection[0] * projection[1])).toBe(1);
  expect(Math.sign(projection[2] * projection[3])).toBe(-1);
});

it('makes the components uncorrelated and of variance 1, whatever mixes them', () => {
  const [n, d] = [400, 12];
  const source = random(1, 'method', 0);
  const mixing = Float64Array.from({ length: d * d }, () => source.normal());
  const vectors = new Float32Array(n * d);
  for (let row = 0; row < n; row++) {
    const hidden = Float64Array.from({ length: d }, (_, i) => (i + 1) * source.normal() + 3);
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) vectors[row * d + i] += mixing[i * d + j] * hidden[j];
  }
  const out = whiten(fitWhitening(vectors, d, d), vectors);
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let row = 0; row < n; row++) sum += out[row * d + i] * out[row * d + j];
      expect(sum / n).toBeCloseTo(i === j ? 1 : 0, 3);
    }
});

it('keeps only the widest components', () => {
  const all = fitWhitening(CROSS, 2, 2);
  const one = fitWhitening(CROSS, 2, 1);
  expect(one.projection).toEqual(all.projection.slice(0, 2));
  expect(whiten(one, CROSS)).toHaveLength(4);
});

it('refuses more components than the vectors spread over, and says how many there are', () => {
  expect(() => fitWhitening(Float32Array.of(1, 2, 3, 2, 4, 6, 3, 6, 9), 3, 2)).toThrow(
    /over 1 axes; .* keep 2/,
  );
  expect(() => fitWhitening(Float32Array.of(1, 2, 1, 2), 2, 1)).toThrow(/over 0 axes/);
});

it('comes back from its file; a damaged or missing one is named', () => {
  const where = folder();
  const whitening = fitWhitening(CROSS, 2, 1);
  writeFileSync(whiteningFile(where), encodeWhitening(whitening));
  expect(readWhitening(where, 1)).toEqual(whitening);
  expect(() => readWhitening(where, 2)).toThrow(/whitening\.f32, is damaged/);
  expect(() => readWhitening(folder(), 1)).toThrow(/is missing/);
});
