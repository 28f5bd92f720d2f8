/** src/renderer/pages/explore/copies/library-copies.svelte.ts: what a list of copies says is of the rows as they are. */
import { expect, test } from 'vitest';
import { LibraryCopies } from '../../../src/renderer/pages/explore/copies/library-copies.svelte';
import { encodePairs } from '../../../src/shared/explorer/copies';
import type { CopyFacts } from '../../../src/shared/explorer/copies';
import { copyFacts } from '../../shared/explorer/copy-facts';
import { exampleSet } from './examples';

const found = (madeAt: number, updatedAt: number) =>
  exampleSet({ copies: { pairs: 2, floor: 0.5, suggested: null, madeAt }, updatedAt });
const pairsOf = (first: number[], second: number[]) =>
  encodePairs({
    first: Uint32Array.from(first),
    second: Uint32Array.from(second),
    score: Float32Array.from(first, (_, at) => 0.9 - at / 100),
  }).buffer;

/** A host whose facts come when the test says so, and are of files named after the set's version. */
function hosted() {
  const asked: number[][] = [];
  const waiting: ((answer: 'yes' | 'no') => void)[] = [];
  let version = 'old';
  const copies = new LibraryCopies('a', {
    pairs: () => Promise.resolve(pairsOf([0, 2], [1, 3])),
    facts: (_set, rows) => {
      asked.push(rows);
      const facts: CopyFacts[] = rows.map((row) => copyFacts(row, `${version}-${row}.png`));
      return new Promise((resolve, reject) =>
        waiting.push((answer) =>
          answer === 'yes' ? resolve(facts) : reject(new Error('The host is gone.')),
        ),
      );
    },
  });
  const settle = () => new Promise((resume) => setTimeout(resume));
  return {
    copies,
    asked,
    settle,
    update: (name: string) => (version = name),
    answer: async (answer: 'yes' | 'no' = 'yes') => {
      await settle();
      waiting.shift()!(answer);
      await settle();
    },
  };
}

test('after an update of the set nothing is left of the rows that were', async () => {
  const { copies, answer, update, asked } = hosted();
  await copies.load(found(1, 10));
  void copies.learn([0, 1]);
  await answer();
  expect(copies.factsOf([0, 1])?.map(({ name }) => name)).toEqual(['old-0.png', 'old-1.png']);
  await copies.load({ copies: null, updatedAt: 11 });
  expect([copies.pairs, copies.grouping, copies.factsOf([0])]).toEqual([null, null, null]);
  update('new');
  await copies.load(found(2, 11));
  const list = copies.listOf(copies.grouping!.groupsAt(0.5));
  await answer();
  const [group] = copies.grouping!.groupsAt(0.5);
  await list;
  expect(asked.at(-1)).toEqual([0, 1, 2, 3]);
  expect(copies.factsOf(group.rows)?.map(({ name }) => name)).toEqual(['new-0.png', 'new-1.png']);
});

test('what was on its way when the set changed is dropped, and a list of it is refused', async () => {
  const { copies, answer, settle } = hosted();
  await copies.load(found(1, 10));
  const list = copies.listOf(copies.grouping!.groupsAt(0.5));
  const refused = expect(list).rejects.toThrow('the set has changed meanwhile');
  await settle();
  await copies.load(found(2, 12));
  await answer();
  await refused;
  expect(copies.facts.size).toBe(0);
});

test('a list waits for the facts that others asked for, and each row is asked for once', async () => {
  const { copies, answer, asked } = hosted();
  await copies.load(found(1, 10));
  const groups = copies.grouping!.groupsAt(0.5);
  void copies.learn([0, 1]);
  const list = copies.listOf(groups);
  await answer();
  await answer();
  expect((await list).map(({ length }) => length)).toEqual([2, 2]);
  expect(asked).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

test('a list with gaps is refused, and asked for again it is whole', async () => {
  const { copies, answer } = hosted();
  await copies.load(found(1, 10));
  const groups = copies.grouping!.groupsAt(0.5);
  const list = copies.listOf(groups);
  const refused = expect(list).rejects.toMatchObject({
    message: 'The list was not saved: nothing is known of the files of 2 of 2 groups.',
    hint: 'The host is gone.',
  });
  await answer('no');
  await refused;
  const again = copies.listOf(groups);
  await answer();
  expect((await again)[1]).toHaveLength(2);
});
