/** src/renderer/pages/run/chart-layout.ts */
import { describe, expect, test } from 'vitest';
import {
  columnsIn,
  leadSpan,
  moved,
  movedBy,
  ordered,
  parseLayout,
  shownGroups,
  toggled,
  usualLayout,
} from '../../../src/renderer/pages/run/chart-layout';

const names = ['gradNorm', 'loss', 'knn', 'embeddingSpread', 'learningRate', 'pairAccuracy', 'ownMetric'];

test('until the user has another order, what one looks at first comes first, in groups', () => {
  expect(shownGroups(names, usualLayout)).toEqual([
    { title: 'Learning', metrics: ['loss', 'knn', 'pairAccuracy'] },
    { title: 'Representation', metrics: ['embeddingSpread'] },
    { title: 'Training', metrics: ['learningRate', 'gradNorm', 'ownMetric'] },
  ]);
});

test('a chart takes the place of another of its group, and of no other', () => {
  const layout = moved(names, usualLayout, 'pairAccuracy', 'loss');
  expect(shownGroups(names, layout)[0].metrics).toEqual(['pairAccuracy', 'loss', 'knn']);
  const back = moved(names, layout, 'pairAccuracy', 'knn');
  expect(shownGroups(names, back)[0].metrics).toEqual(['loss', 'knn', 'pairAccuracy']);
  expect(moved(names, usualLayout, 'loss', 'gradNorm')).toBe(usualLayout);
});

test('by keys it moves among the shown ones and stops at the ends', () => {
  const hidden = toggled(usualLayout, 'knn');
  const layout = movedBy(names, hidden, 'loss', 1);
  expect(shownGroups(names, layout)[0].metrics).toEqual(['pairAccuracy', 'loss']);
  expect(shownGroups(names, movedBy(names, layout, 'loss', 5))[0].metrics).toEqual(['pairAccuracy', 'loss']);
  expect(movedBy(names, hidden, 'knn', 1)).toBe(hidden);
});

test('hidden charts come back where they were', () => {
  const layout = toggled(usualLayout, 'loss');
  expect(shownGroups(names, layout)[0].metrics).toEqual(['knn', 'pairAccuracy']);
  expect(toggled(layout, 'loss')).toEqual(usualLayout);
});

test('an order of another run with other metrics does no harm', () => {
  expect(ordered(['loss', 'knn'], { order: ['gone', 'knn'], hidden: ['gone'] })).toEqual(['knn', 'loss']);
});

test('what was kept is read back; anything else is the usual', () => {
  const layout = { order: ['knn'], hidden: ['loss'] };
  expect(parseLayout(JSON.stringify(layout))).toEqual(layout);
  for (const text of [null, '', '{}', '[]', 'null', '{"order":[1],"hidden":[]}'])
    expect(parseLayout(text)).toEqual(usualLayout);
});

describe('no row has a hole', () => {
  test.each([
    [3, 2, 2],
    [4, 2, 1],
    [1, 3, 3],
    [2, 3, 2],
    [5, 3, 2],
    [3, 1, 1],
  ])('%d charts in %d columns: the first takes %d', (charts, columns, span) => {
    expect(leadSpan(charts, columns)).toBe(span);
    expect((charts - 1 + span) % columns).toBe(0);
  });

  test('columns by width', () => {
    expect([200, 700, 1100, 3000].map(columnsIn)).toEqual([1, 2, 3, 4]);
  });
});
