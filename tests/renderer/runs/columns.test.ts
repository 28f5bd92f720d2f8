/** src/renderer/pages/runs/columns.ts and column-choice.ts */
import { describe, expect, test } from 'vitest';
import {
  fullTitle,
  moveColumn,
  offeredColumns,
  withoutColumn,
} from '../../../src/renderer/pages/runs/column-choice';
import {
  columnOf,
  columnsOf,
  DEFAULT_COLUMNS,
  metricsOf,
  sortValue,
  statOf,
} from '../../../src/renderer/pages/runs/columns';
import { runRow, summary } from '../lib/run-row';

const ids = (columns: readonly { id: string }[]) => columns.map(({ id }) => id);

describe('columns by name', () => {
  test('all of the usual ones are known', () => {
    expect(ids(columnsOf(null))).toEqual(DEFAULT_COLUMNS);
  });

  test('a metric may have any name', () => {
    expect(columnOf('best:val/top1:k')).toMatchObject({ kind: 'metric', metric: 'val/top1:k', stat: 'best' });
  });

  test.each(['', 'colour', 'best:', 'sum:loss', 'toString', ':loss'])('%j is none', (id) => {
    expect(columnOf(id)).toBeUndefined();
  });

  test('unknown ones are passed over, doubles are one, and the name never goes', () => {
    expect(ids(columnsOf(['method', 'from-a-later-version', 'method']))).toEqual(['name', 'method']);
  });

  test('the metrics that are shown are asked for once', () => {
    expect(metricsOf(columnsOf(['name', 'curve:loss', 'last:loss', 'best:knn']))).toEqual(['loss', 'knn']);
  });
});

describe('values', () => {
  const loss = summary({ last: 3, min: 1, max: 9, best: 1 });

  test('a statistic of a metric', () => {
    expect((['last', 'best', 'min', 'max'] as const).map((stat) => statOf(loss, stat))).toEqual([3, 1, 1, 9]);
    expect(statOf(undefined, 'last')).toBeNull();
  });

  test('the best of a metric without a better end is its last', () => {
    expect(statOf(summary({ last: 0.1 }), 'best')).toBe(0.1);
  });

  test('runs sort by how alive they are', () => {
    const states = ['running', 'paused', 'queued', 'failed', 'interrupted', 'stopped', 'done'] as const;
    const values = states.map(
      (state) => sortValue(runRow({ id: state, state }), columnOf('status')!) as number,
    );
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  test('progress is a share where the end is known', () => {
    expect(sortValue(runRow({ id: 'a', epoch: 5, epochs: 10 }), columnOf('progress')!)).toBe(0.5);
  });
});

describe('the choice', () => {
  test('a column moves by places, and not beyond the ends', () => {
    expect(moveColumn(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b']);
    expect(moveColumn(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
    expect(withoutColumn(['a', 'b'], 'a')).toEqual(['b']);
  });

  test('what is shown is not offered', () => {
    const offered = offeredColumns(['name', 'last:loss'], ['loss']);
    expect(ids(offered)).toContain('best:loss');
    expect(ids(offered)).not.toContain('last:loss');
    expect(ids(offered)).not.toContain('name');
  });

  test('titles in the list say which value it is', () => {
    expect(fullTitle(columnOf('last:loss')!)).toBe('Loss last');
    expect(fullTitle(columnOf('best:knn')!)).toBe('k-NN best');
  });
});
