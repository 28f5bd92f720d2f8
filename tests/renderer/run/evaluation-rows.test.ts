/** src/renderer/pages/run/evaluation-rows.ts */
import { expect, test } from 'vitest';
import { evaluationRows, parseCounts } from '../../../src/renderer/pages/run/evaluation-rows';

const baseline = {
  id: 1,
  kind: 'baseline',
  step: 0,
  time: 1,
  data: { rawPixels: 0.27, untrained: 0.31, k: 20, bank: 5000, queries: 1000 },
};
const during = { id: 2, kind: 'evaluation', step: 40, time: 2, data: { knn: 0.5, testAccuracy: 0.6, k: 20 } };
const asked = {
  id: 3,
  kind: 'knn',
  step: 80,
  time: 3,
  data: { accuracy: { 5: 0.55, 20: 0.57 }, data: '/birds' },
};

test('the newest first, baselines last; several k are several rows', () => {
  const rows = evaluationRows([baseline, during, asked]);
  expect(rows.map(({ what, step, k, accuracy }) => [what, step, k, accuracy])).toEqual([
    ['k-NN, asked for', 80, 5, 0.55],
    ['k-NN, asked for', 80, 20, 0.57],
    ['k-NN', 40, 20, 0.5],
    ['Classifier', 40, null, 0.6],
    ['Untrained encoder', 0, 20, 0.31],
    ['Raw pixels', null, 20, 0.27],
  ]);
  expect(rows[0].data).toBe('/birds');
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
});

test('an evaluation without numbers has no row', () => {
  expect(
    evaluationRows([
      { ...during, data: {} },
      { ...asked, data: { accuracy: 'lost' } },
    ]),
  ).toEqual([]);
});

test.each([
  ['20', [20]],
  [' 5, 20;200 20', [5, 20, 200]],
  ['', null],
  ['0', null],
  ['1001', null],
  ['2.5', null],
  ['many', null],
])('"%s" means %j', (text, neighbours) => {
  expect(parseCounts(text)).toEqual(neighbours);
});
