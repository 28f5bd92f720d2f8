/** src/renderer/pages/run/chart-specs.ts */
import { expect, test } from 'vitest';
import {
  baselinesOf,
  groupOf,
  kindOf,
  ntXentFloor,
  referencesOf,
} from '../../../src/renderer/pages/run/chart-specs';
import { exampleDetail } from './example-detail';

const nothing = { evaluations: [], classes: null };
const { config } = exampleDetail();

/** NT-Xent as the paper has it, for N pairs of equal views whose directions form a simplex. */
function simplexLoss(n: number, temperature: number): number {
  const others = Math.exp(-1 / (n - 1) / temperature);
  const own = Math.exp(1 / temperature);
  return -Math.log(own / (own + (2 * n - 2) * others));
}

test.each([
  [2, 0.5],
  [128, 0.5],
  [512, 0.1],
])('the floor of NT-Xent is what a simplex of %d images reaches at temperature %d', (n, temperature) => {
  expect(ntXentFloor(n, temperature)).toBeCloseTo(simplexLoss(n, temperature), 10);
});

test('no other arrangement of unit vectors comes below the floor', () => {
  let seed = 7;
  const random = () => ((seed = (seed * 48271) % 2147483647) / 2147483647) * 2 - 1;
  const [n, size, temperature] = [4, 3, 0.5];
  for (let trial = 0; trial < 200; trial++) {
    const half = Array.from({ length: n }, () => unit(Array.from({ length: size }, random)));
    const z = [...half, ...half];
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, index) => sum + value * b[index], 0);
    const loss =
      z.reduce((sum, row, i) => {
        const others = z.reduce(
          (all, other, k) => (k === i ? all : all + Math.exp(dot(row, other) / temperature)),
          0,
        );
        return sum - dot(row, z[(i + n) % (2 * n)]) / temperature + Math.log(others);
      }, 0) /
      (2 * n);
    expect(loss).toBeGreaterThanOrEqual(ntXentFloor(n, temperature) - 1e-12);
  }
});

function unit(vector: number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

test('a loss is compared with guessing and its floor, where they are known', () => {
  expect(referencesOf('loss', { ...config, options: { temperature: 0.5 } }, nothing)).toEqual([
    { label: 'guessing', value: Math.log(255) },
    { label: 'floor', value: ntXentFloor(128, 0.5) },
  ]);
  const supervised = { ...config, method: 'supervised' };
  expect(referencesOf('loss', supervised, { ...nothing, classes: 10 })).toEqual([
    { label: 'guessing', value: Math.log(10) },
  ]);
  expect(referencesOf('loss', supervised, nothing)).toEqual([]);
  expect(referencesOf('loss', { ...config, method: 'another' }, nothing)).toEqual([]);
  expect(referencesOf('loss', { ...config, method: 'dino' }, { ...nothing, chanceLoss: 7.6 })).toEqual([
    { label: 'guessing', value: 7.6 },
  ]);
});

test('k-NN is compared with what there was before training, else with guessing', () => {
  const baseline = { id: 1, kind: 'baseline', step: 0, time: 0, data: { rawPixels: 0.27, untrained: 0.31 } };
  expect(baselinesOf([baseline])).toEqual({ rawPixels: 0.27, untrained: 0.31 });
  expect(
    referencesOf('knn', config, { evaluations: [baseline], classes: 10 }).map(({ label }) => label),
  ).toEqual(['untrained', 'raw pixels']);
  expect(referencesOf('knn', config, { ...nothing, classes: 10 })).toEqual([
    { label: 'guessing', value: 0.1 },
  ]);
});

test('the std of embeddings is compared with that of evenly spread ones', () => {
  const projected = { ...config, options: { projector: { out: 64 } } };
  expect(referencesOf('embeddingStd', projected, nothing)).toEqual([
    { label: 'evenly spread', value: 1 / 8 },
  ]);
  expect(referencesOf('embeddingStd', config, nothing)).toEqual([]);
});

test('shares are percent, and unknown metrics have their place', () => {
  expect([kindOf('knn'), kindOf('loss')]).toEqual(['percent', 'number']);
  expect(['teacherEntropy', 'validationLoss', 'top5', 'momentum'].map(groupOf)).toEqual([
    'Representation',
    'Learning',
    'Learning',
    'Training',
  ]);
});
