/** src/renderer/pages/explore: explore.svelte.ts and answers.svelte.ts */
import { expect, test } from 'vitest';
import { Answers } from '../../../src/renderer/pages/explore/answers.svelte';
import { addressOf, Explore, preferred } from '../../../src/renderer/pages/explore/explore.svelte';
import { subjectOfRef, subjectOfRow, type Subject } from '../../../src/renderer/pages/explore/subject';
import type { QueryAnswer, QueryInput } from '../../../src/shared/explorer/search';
import { exampleResult, exampleSet } from './examples';

const row = (number: number, set = 'a'): Subject =>
  subjectOfRow({ set, row: number, name: `${number}.png`, label: null });
const refuse = () => Promise.reject(new Error('not asked here'));
const problemOf = (error: unknown) => ({ message: String(error), hint: null });

function exploring(): Explore {
  const explore = new Explore({ search: refuse, problemOf });
  explore.choose('a');
  return explore;
}

test('there is nothing to ask without a set or a query', () => {
  const explore = new Explore({ search: refuse, problemOf });
  explore.ask(row(1));
  expect(explore.request).toBeNull();
  explore.choose('a');
  expect(explore.request).toMatchObject({ sets: ['a'], like: [{ kind: 'row', set: 'a', row: 1 }], k: 20 });
  expect(explore.otherRequest).toBeNull();
});

test('each query is a step, and one goes back by steps or at once', () => {
  const explore = exploring();
  for (const number of [1, 2, 2, 3]) explore.ask(row(number));
  expect(explore.trail.map(({ query }) => query.name)).toEqual(['1.png', '2.png', '3.png']);
  explore.back();
  expect(explore.query?.name).toBe('2.png');
  explore.back();
  explore.back();
  expect(explore.query?.name).toBe('1.png');
  for (const number of [2, 3]) explore.ask(row(number));
  explore.back(0);
  expect(explore.trail).toHaveLength(1);
});

test('images lean the query to one side at a time, and a new query stands for itself', () => {
  const explore = exploring();
  explore.ask(row(1));
  explore.lean(row(2), 'more');
  explore.lean(row(3), 'less');
  expect(explore.request).toMatchObject({ like: [{ row: 1 }, { row: 2 }], unlike: [{ row: 3 }] });
  explore.lean(row(2), 'less');
  expect([explore.leanOf(row(2)), explore.more.length]).toEqual(['less', 0]);
  explore.lean(row(2), 'less');
  expect(explore.leanOf(row(2))).toBeNull();
  explore.ask(row(4));
  expect(explore.request?.unlike).toEqual([]);
});

test('one comes back to a query with what leaned it, and searching with the query itself changes nothing', () => {
  const explore = exploring();
  explore.askAll([row(1), row(2)]);
  explore.lean(row(3), 'less');
  const leaned = { like: [{ row: 1 }, { row: 2 }], unlike: [{ row: 3 }] };
  explore.ask(row(1));
  expect(explore.request).toMatchObject(leaned);
  explore.ask(row(4));
  explore.lean(row(5), 'more');
  expect(explore.request).toMatchObject({ like: [{ row: 4 }, { row: 5 }], unlike: [] });
  explore.back();
  expect(explore.request).toMatchObject(leaned);
});

test('what is selected and what keys stand on are two things', () => {
  const explore = exploring();
  explore.selected = new Set(['1.png', '2.png']);
  explore.current = '7.png';
  explore.ask(row(1));
  expect([[...explore.selected], explore.current]).toEqual([['1.png', '2.png'], null]);
  explore.choose('b');
  expect(explore.selected.size).toBe(0);
});

test('several dropped images are one query', () => {
  const explore = exploring();
  explore.askAll([row(1), row(2), row(3)]);
  expect(explore.request?.like).toHaveLength(3);
  expect(explore.trail).toHaveLength(1);
});

test('another set forgets what was chosen among the images of the last one', () => {
  const explore = exploring();
  explore.also = ['b'];
  explore.other = 'c';
  explore.filters = { classes: ['cat'], folders: [], splits: [] };
  explore.ask(row(1));
  explore.choose('c');
  expect(explore.request).toMatchObject({ sets: ['c'], filters: { classes: [] } });
  expect(explore.other).toBeNull();
});

test('sets that are gone are left: as the set, beside it, and in the trail', () => {
  const explore = exploring();
  explore.other = 'b';
  explore.also = ['d'];
  explore.ask(row(1, 'b'));
  explore.ask(row(2, 'c'));
  explore.lean(row(3, 'b'), 'more');
  explore.lean(row(4, 'c'), 'less');
  const [c, d] = [exampleSet({ id: 'c', space: 'space-c' }), exampleSet({ id: 'd' })];
  explore.keepOnly([c, d]);
  expect(explore).toMatchObject({ set: 'c', other: null, also: [] });
  expect(explore.trail.map(({ query }) => query.ref)).toEqual([
    { kind: 'row', set: 'c', row: 2, name: '2.png' },
  ]);
  expect(explore.request).toMatchObject({ like: [{ set: 'c', row: 2 }], unlike: [{ set: 'c', row: 4 }] });
  explore.keepOnly([]);
  expect([explore.set, explore.query]).toEqual([null, null]);
});

test('for an image of a data set its own set comes first', () => {
  const explore = new Explore({ search: refuse, problemOf });
  const recipe = { ...exampleSet().recipe, dataset: 'photos' };
  const sets = [exampleSet({ id: 'new', updatedAt: 9 }), exampleSet({ id: 'own', updatedAt: 1, recipe })];
  explore.keepOnly(sets, 'photos');
  expect(explore.set).toBe('own');
  explore.choose('new');
  explore.keepOnly(sets);
  expect(explore.set).toBe('new');
  explore.keepOnly(sets, 'photos');
  expect(explore.set).toBe('own');
});

test('the newest set that can be searched is preferred', () => {
  const old = exampleSet({ id: 'old', updatedAt: 1 });
  const begun = exampleSet({ id: 'begun', updatedAt: 3, state: 'embedding', count: 0 });
  expect(preferred([old, begun])?.id).toBe('old');
  expect(preferred([begun])?.id).toBe('begun');
});

test('the answer says what a query from an address is', () => {
  const explore = exploring();
  explore.ask(subjectOfRef({ kind: 'row', set: 'a', row: 5 }));
  explore.learn([exampleResult('cat/5.png', { row: 5, label: 'cat', isQuery: true })]);
  expect(explore.query).toMatchObject({
    name: 'cat/5.png',
    label: 'cat',
    ref: { row: 5, name: 'cat/5.png' },
  });
});

test('the answer says where a query is after its set was updated, and is not taken for another image', () => {
  const explore = exploring();
  explore.ask(row(5));
  explore.learn([
    exampleResult('new.png', { row: 5 }),
    exampleResult('5.png', { row: 6, label: 'cat', isQuery: true }),
  ]);
  expect(explore.query).toMatchObject({ name: '5.png', label: 'cat', ref: { row: 6, name: '5.png' } });
});

test('the address holds what is looked at', () => {
  const explore = exploring();
  explore.ask(row(7));
  explore.tab = 'copies';
  expect(addressOf(explore)).toEqual({ set: 'a', with: undefined, tab: 'copies', query: 'row:a:7:7.png' });
});

const answer = (name: string): QueryAnswer => ({
  results: [exampleResult(name)],
  vote: null,
  method: 'exact',
  searched: 1,
  milliseconds: { decode: 0, embed: 0, search: 1 },
  warnings: [],
});
const question = (k: number): QueryInput => ({ sets: ['a'], like: [{ kind: 'query', id: 'q' }], k });

test('an answer that comes late is not shown for a newer question', async () => {
  const waiting = new Map<number, (found: QueryAnswer) => void>();
  const search = ({ k }: QueryInput) => new Promise<QueryAnswer>((found) => waiting.set(k ?? 0, found));
  const answers = new Answers({ search, problemOf });
  const asked = [answers.ask(question(1)), answers.ask(question(2))];
  waiting.get(2)?.(answer('second'));
  waiting.get(1)?.(answer('first'));
  await Promise.all(asked);
  expect(answers.latest?.results[0].name).toBe('second');
  expect(answers.busy).toBe(false);
});

test('the answer of before stays in sight, and is not the present one, while the next is on its way', async () => {
  let found: (answer: QueryAnswer) => void = () => {};
  const answers = new Answers({ search: () => new Promise((resolve) => (found = resolve)), problemOf });
  const first = answers.ask(question(1));
  found(answer('first'));
  await first;
  expect(answers.present?.results[0].name).toBe('first');
  const second = answers.ask(question(2));
  expect([answers.latest?.results[0].name, answers.present]).toEqual(['first', null]);
  found(answer('second'));
  await second;
  expect(answers.present?.results[0].name).toBe('second');
});

test('a refusal is told, and the next answer takes it away', async () => {
  let refused = true;
  const search = () => (refused ? Promise.reject(new Error('no vectors')) : Promise.resolve(answer('x')));
  const answers = new Answers({ search, problemOf });
  await answers.ask(question(1));
  expect(answers.problem?.message).toMatch(/no vectors/);
  refused = false;
  await answers.ask(question(1));
  expect([answers.problem, answers.latest?.results.length]).toEqual([null, 1]);
  await answers.ask(null);
  expect(answers.latest).toBeNull();
});
