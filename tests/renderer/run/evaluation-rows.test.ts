/** src/renderer/pages/run/evaluation-rows.ts */
import { expect, test } from 'vitest';
import { evaluationRows, parseCounts, parseRates } from '../../../src/renderer/pages/run/evaluation-rows';

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

test('a probe says its learning rate and whether it was chosen, few shots how sure they are', () => {
  const probe = (data: Record<string, unknown>) => ({ id: 4, kind: 'linear', step: 80, time: 4, data });
  const grid = [
    { learningRate: 0.1, heldOutAccuracy: 0.5 },
    { learningRate: 0.3, heldOutAccuracy: 0.6 },
  ];
  const shots = [{ shots: 5, accuracy: 0.4, interval: 0.0123 }];
  const rows = evaluationRows([
    probe({ accuracy: 0.6, learningRate: 0.1, grid: null }),
    probe({ accuracy: 0.61, learningRate: 0.3, grid }),
    { ...probe({ shots, feature: 'layer3' }), kind: 'few-shot' },
  ]);
  expect(rows.map(({ note }) => note)).toEqual([
    'of layer3, ± 1.2 %',
    'learning rate 0.3, best of 2 on a held-out tenth',
    'learning rate 0.1',
  ]);
});

test.each([
  ['0.1', [0.1]],
  ['0.03, 0.1 .1', [0.03, 0.1]],
  ['', null],
  ['0', null],
  ['fast', null],
])('the rates "%s" mean %j', (text, rates) => {
  expect(parseRates(text)).toEqual(rates);
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
