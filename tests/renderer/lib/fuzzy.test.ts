/** src/renderer/lib/fuzzy.ts */
import { expect, test } from 'vitest';
import { fuzzyScore, rank } from '../../../src/renderer/lib/fuzzy';

const items = ['Go to runs', 'Go to settings', 'Compare the selected runs', 'simclr-r18 baseline'].map(
  (title, index) => ({ id: String(index), title }),
);
const titles = (query: string, recent: string[] = []) => rank(query, items, recent).map(({ title }) => title);

test('letters must stand in their order', () => {
  expect(fuzzyScore('gts', 'Go to settings')).toBeDefined();
  expect(fuzzyScore('stg', 'Go to')).toBeUndefined();
});

test('whole words and beginnings of words come first', () => {
  expect(titles('set')[0]).toBe('Go to settings');
  expect(titles('runs')[0]).toBe('Go to runs');
  expect(titles('base')).toEqual(['simclr-r18 baseline']);
});

test('words may come in any order', () => {
  expect(titles('baseline sim')).toEqual(['simclr-r18 baseline']);
});

test('with nothing typed, what was used last is on top and the rest keeps its order', () => {
  expect(titles('', ['2', '1'])).toEqual([
    'Compare the selected runs',
    'Go to settings',
    'Go to runs',
    'simclr-r18 baseline',
  ]);
});

test('what was used last wins only among equals', () => {
  expect(titles('settings', ['0'])[0]).toBe('Go to settings');
});
