/** src/renderer/pages/run/fine-tuning-rows.ts */
import { expect, test } from 'vitest';
import { fineTuningRows, parseShares } from '../../../src/renderer/pages/run/fine-tuning-rows';
import type { RunRow } from '../../../src/shared/api/run-rows';

test('a row for each share, the fewest labels first; what is missing is left open', () => {
  const run = (id: string, labelShare: number, isPretrained: boolean) => ({
    run: id,
    labelShare,
    isPretrained,
  });
  const one = {
    name: 'birds',
    data: '/birds',
    runs: [run('a', 1, true), run('b', 1, false), run('c', 0.005, true), run('gone', 0.005, false)],
  };
  const rows = fineTuningRows(one, (id) => (id === 'gone' ? undefined : ({ id } as RunRow)));
  expect(rows.map(({ labels, scratch, tuned }) => [labels, scratch?.id, tuned?.id])).toEqual([
    ['0.5 %', undefined, 'c'],
    ['100 %', 'b', 'a'],
  ]);
});

test.each([
  ['1, 10, 100', [0.01, 0.1, 1]],
  ['7 % 7%', [0.07]],
  ['0.1', [0.001]],
  ['', null],
  ['0', null],
  ['101', null],
  ['few', null],
])('"%s" percent means %j', (text, shares) => {
  expect(parseShares(text)).toEqual(shares);
});
