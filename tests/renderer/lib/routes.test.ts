/** src/renderer/lib/routes.ts */
import { expect, test } from 'vitest';
import { comparePath, href, parseRoute, runPath } from '../../../src/renderer/lib/routes';

test.each([
  ['', 'runs', null],
  ['#/runs', 'runs', null],
  ['#/runs/simclr-r18', 'run', 'simclr-r18'],
  ['#/new?preset=quick', 'new', null],
  ['#/compare?runs=a,b', 'compare', null],
  ['#/explore?set=abc', 'explore', null],
  ['#/explore/more', 'missing', null],
  ['#/data', 'data', null],
  ['#/data/abc', 'data', 'abc'],
  ['#/experiments', 'experiments', null],
  ['#/experiments/simclr-cifar10?name=mine', 'experiments', 'simclr-cifar10'],
  ['#/settings', 'settings', null],
  ['#/settings/more', 'missing', null],
  ['#/nowhere', 'missing', null],
  ['#/runs/a/b', 'missing', 'a'],
])('%j is page %s', (hash, page, id) => {
  const route = parseRoute(hash);
  expect(route.page).toBe(page);
  if (page !== 'missing') expect(route.id).toBe(id);
});

test('the query is read', () => {
  expect(parseRoute('#/runs?q=knn%3E0.5&sort=-best:knn').query).toEqual({ q: 'knn>0.5', sort: '-best:knn' });
});

test('what is written is read back', () => {
  const written = href('/runs', { q: 'two "quoted words" & 50%', sort: undefined });
  expect(parseRoute(written).query).toEqual({ q: 'two "quoted words" & 50%' });
  expect(parseRoute(href(runPath('a b/c'))).id).toBe('a b/c');
});

test('an address that is no percent-encoding is taken as it is', () => {
  expect(parseRoute('#/runs/100%').id).toBe('100%');
});

test('compared runs keep their commas', () => {
  expect(comparePath(['a', 'b'])).toBe('#/compare?runs=a,b');
});
