/** src/renderer/pages/runs/filter.ts */
import { describe, expect, test } from 'vitest';
import { fieldFilter, matches, metricsOfFilter, parseFilter } from '../../../src/renderer/pages/runs/filter';
import { runRow, summary } from '../lib/run-row';

const rows = [
  runRow({
    id: 'a',
    name: 'simclr lr 3',
    state: 'failed',
    tags: ['sweep', 'lr'],
    metrics: {
      knn: summary({ last: 0.4, best: 0.5, min: 0.1, max: 0.5 }),
      loss: summary({ last: 5, best: 4 }),
    },
    step: 100,
    epoch: 2.5,
  }),
  runRow({
    id: 'b',
    name: 'supervised',
    method: 'supervised',
    state: 'running',
    data: '/home/me/Birds',
    notes: 'holiday photos',
    metrics: { knn: summary({ last: 0.6, best: 0.6 }) },
    step: 900,
  }),
  runRow({ id: 'c', name: 'vit tiny', backbone: 'ViT-Ti/4', collapsed: true, tags: ['old'] }),
];
const found = (text: string): string =>
  rows
    .filter((row) => matches(parseFilter(text), row))
    .map(({ id }) => id)
    .join('');

describe('the filter language', () => {
  test.each([
    ['', 'abc'],
    ['SIMCLR', 'ac'],
    ['simclr 3', 'a'],
    ['"lr 3"', 'a'],
    ['"3 lr"', ''],
    ['birds', 'b'],
    ['holiday', 'b'],
    ['status:running', 'b'],
    ['status:failed,run', 'ab'],
    ['status:collapsed', 'c'],
    ['method:super', 'b'],
    ['backbone:vit', 'c'],
    ['data:"/home/me"', 'b'],
    ['tag:sweep', 'a'],
    ['tag:swe', ''],
    ['-tag:old', 'ab'],
    ['-simclr', 'b'],
    ['knn>=0.5', 'ab'],
    ['knn>0.5', 'b'],
    ['knn>50%', 'b'],
    ['KNN<0.6', 'a'],
    ['last.knn<0.5', 'a'],
    ['min.knn=0.1', 'a'],
    ['loss<4.5', 'a'],
    ['step>500', 'b'],
    ['epoch=2.5', 'a'],
    ['-knn>0.5', 'ac'],
    ['knn>0.3 status:running', 'b'],
    ['unknown>1', ''],
  ])('%j finds %j', (text, ids) => {
    expect(found(text)).toBe(ids);
  });

  test('what cannot be understood is said and does not filter', () => {
    expect(parseFilter('knn>abc').problems).toEqual(['“knn>abc” wants a number behind >.']);
    expect(parseFilter('status:').problems).toEqual(['“status:” wants a value behind the colon.']);
    expect(found('knn> simclr')).toBe('ac');
  });

  test('a path with a colon is a word', () => {
    expect(parseFilter('C:\\photos')).toEqual({
      terms: [{ test: { kind: 'word', word: 'c:\\photos' }, negated: false }],
      problems: [],
    });
  });

  test('a filter is written for any value, and finds it', () => {
    expect(fieldFilter('data', 'sample')).toBe('data:sample');
    const filter = parseFilter(fieldFilter('data', '/home/me/cats, dogs'));
    expect(filter.problems).toEqual([]);
    const matching = (data: string) => matches(filter, runRow({ id: 'a', data }));
    expect(matching('/home/me/cats, dogs')).toBe(true);
    expect(matching('/home/me/dogs')).toBe(false);
  });

  test('a quote that is not closed yet, and a minus alone, filter nothing away by surprise', () => {
    expect(found('"simclr')).toBe('ac');
    expect(found('-')).toBe('abc');
  });

  test('only metrics that there are will be asked for', () => {
    const filter = parseFilter('KNN>0.5 pairAccuracy<1 step>3');
    expect(metricsOfFilter(filter, ['knn', 'loss'])).toEqual(['knn']);
  });
});
