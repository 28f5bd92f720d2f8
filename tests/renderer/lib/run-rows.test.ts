/** src/renderer/lib/run-rows.ts */
import { describe, expect, test } from 'vitest';
import { applyToRows, extend, newestFirst, type Rows } from '../../../src/renderer/lib/run-rows';
import { groupCurves, type HostEvent, type Points } from '../../../src/shared/api/events';
import { runRow, summary } from './run-row';

const wanted = new Set(['loss', 'knn']);
const points = (name: string, values: (number | null)[], from = 1): Points => ({
  name,
  steps: values.map((_, index) => from + index),
  epochs: values.map((_, index) => (from + index) / 10),
  times: values.map((_, index) => from + index),
  values,
});
const rowsOf = (...rows: ReturnType<typeof runRow>[]): Rows => new Map(rows.map((row) => [row.id, row]));
const apply = (rows: Rows, event: HostEvent) => applyToRows(rows, event, wanted);

describe('events', () => {
  test('a changed row keeps the metrics that it had: the event says nothing of them', () => {
    const loss = summary({ last: 2 });
    const rows = rowsOf(runRow({ id: 'a', metrics: { loss } }));
    expect(apply(rows, { type: 'run', row: runRow({ id: 'a', name: 'new name' }) })).toEqual([]);
    expect(rows.get('a')).toMatchObject({ name: 'new name', metrics: { loss } });
  });

  test('a new row has its summaries asked for', () => {
    expect(apply(new Map(), { type: 'run', row: runRow({ id: 'a' }) })).toEqual(['a']);
  });

  test('there is one baseline', () => {
    const rows = rowsOf(runRow({ id: 'a', isBaseline: true }), runRow({ id: 'b' }));
    apply(rows, { type: 'run', row: runRow({ id: 'b', isBaseline: true }) });
    expect([...rows.values()].filter(({ isBaseline }) => isBaseline).map(({ id }) => id)).toEqual(['b']);
  });

  test('a deleted run is gone', () => {
    const rows = rowsOf(runRow({ id: 'a' }));
    apply(rows, { type: 'run-deleted', run: 'a' });
    expect(rows.size).toBe(0);
  });

  test('points move the step and the wanted summaries, in a new row', () => {
    const before = runRow({ id: 'a', metrics: {} });
    const rows = rowsOf(before);
    const curves = [points('loss', [3, 2]), points('gradNorm', [1, 1])];
    apply(rows, { type: 'metrics', run: 'a', groups: groupCurves(curves) });
    expect(rows.get('a')).not.toBe(before);
    expect(rows.get('a')).toMatchObject({ step: 2, epoch: 0.2 });
    expect(Object.keys(rows.get('a')!.metrics)).toEqual(['loss']);
  });

  test('after a step back the summaries are void', () => {
    const rows = rowsOf(runRow({ id: 'a' }));
    expect(apply(rows, { type: 'truncated', run: 'a', step: 5 })).toEqual(['a']);
    expect(apply(rows, { type: 'truncated', run: 'unknown', step: 5 })).toEqual([]);
  });
});

describe('a summary that grows', () => {
  test('the best of a loss is the least, of an accuracy the greatest, of a learning rate none', () => {
    expect(extend(undefined, points('loss', [3, 1, 2]))).toEqual({
      last: 2,
      lastStep: 3,
      min: 1,
      max: 3,
      best: 1,
      bestStep: 2,
    });
    expect(extend(undefined, points('knn', [0.3, 0.5, 0.4]))).toMatchObject({ best: 0.5, bestStep: 2 });
    expect(extend(undefined, points('learningRate', [3, 1]))).toMatchObject({ best: null, bestStep: null });
  });

  test('NaN is last, and nothing else', () => {
    const grown = extend(
      summary({ last: 1, min: 1, max: 1, best: 1, bestStep: 1 }),
      points('loss', [null], 2),
    );
    expect(grown).toEqual({ last: null, lastStep: 2, min: 1, max: 1, best: 1, bestStep: 1 });
  });
});

test('the newest run is first, and runs of one moment never change places', () => {
  const rows = rowsOf(
    runRow({ id: 'a', createdAt: 1 }),
    runRow({ id: 'b', createdAt: 2 }),
    runRow({ id: 'c', createdAt: 1 }),
  );
  expect(newestFirst(rows).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
});
