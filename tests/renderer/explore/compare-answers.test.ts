/** src/renderer/pages/explore/neighbours/compare-answers.ts */
import { expect, test } from 'vitest';
import { changeText } from '../../../src/renderer/pages/explore/neighbours/change-text';
import { compareAnswers } from '../../../src/renderer/pages/explore/neighbours/compare-answers';
import type { Result } from '../../../src/shared/explorer/search';
import { exampleResult } from './examples';

const list = (names: string) => Array.from(names, (name) => exampleResult(name));
const byName = ({ name }: Result) => name;
const compare = (first: string, second: string) => compareAnswers(list(first), list(second), byName);

test('the same answer overlaps whole and moves nothing', () => {
  const { overlap, shared, of, changes } = compare('abc', 'abc');
  expect({ overlap, shared, of }).toEqual({ overlap: 1, shared: 3, of: 3 });
  expect([...changes.values()]).toEqual([{ kind: 'same' }, { kind: 'same' }, { kind: 'same' }]);
});

test('moves are told from the first list to the second', () => {
  const { overlap, changes } = compare('abcd', 'cade');
  expect(overlap).toBe(3 / 4);
  expect(Object.fromEntries(changes)).toEqual({
    a: { kind: 'down', by: 1 },
    b: { kind: 'gone' },
    c: { kind: 'up', by: 2 },
    d: { kind: 'up', by: 1 },
    e: { kind: 'new' },
  });
});

test('a shorter list is measured against the longer one', () => {
  expect(compare('abcd', 'ab').overlap).toBe(1 / 2);
  expect(compare('a', '').overlap).toBe(0);
  expect(compare('', '').overlap).toBeNull();
});

test('the query itself is no neighbour, and takes no place', () => {
  const query = exampleResult('q', { isQuery: true });
  const { of, shared, changes } = compareAnswers([query, ...list('ab')], list('ab'), byName);
  expect({ of, shared }).toEqual({ of: 2, shared: 2 });
  expect(changes.get('a')).toEqual({ kind: 'same' });
  expect(changes.has('q')).toBe(false);
});

test('moves are said in words', () => {
  expect(changeText({ kind: 'up', by: 1 })).toBe('1 rank higher with the second encoder');
  expect(changeText({ kind: 'down', by: 3 })).toBe('3 ranks lower with the second encoder');
});
