/** Small parts of src/renderer/pages/explore, and the walk over a grid. */
import { expect, test } from 'vitest';
import { gridStep } from '../../../src/renderer/lib/grid-walk';
import { gridWindow } from '../../../src/renderer/pages/data/grid';
import { classColor } from '../../../src/renderer/pages/explore/class-colors';
import { namesOf, rowsNamed } from '../../../src/renderer/pages/explore/map/names';
import { classesOf, foldersOf } from '../../../src/renderer/pages/explore/neighbours/filter-choices';
import { timingText } from '../../../src/renderer/pages/explore/neighbours/timing';
import { parseImages } from '../../../src/renderer/pages/explore/parse-images';
import { factsOf, notSearchable, troubleOf, workText } from '../../../src/renderer/pages/explore/set-words';
import { exampleSet } from './examples';

test.each([
  ['ArrowRight', 0, 1],
  ['ArrowRight', 9, 9],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 1, 5],
  ['ArrowDown', 7, 7],
  ['ArrowUp', 5, 1],
  ['ArrowUp', 2, 2],
  ['PageDown', 3, 9],
  ['PageUp', 3, 0],
  ['Home', 5, 0],
  ['End', 5, 9],
  ['x', 5, undefined],
])('%s leads from %i to %s in a grid of 4 columns and 10 cells', (key, at, to) => {
  expect(gridStep(key, at, { columns: 4, count: 10, rows: 2 })).toBe(to);
});

test('cells that are higher than wide have their own rows', () => {
  expect(gridWindow(100, { cell: 10, rowHeight: 20, width: 45, height: 40, scrollTop: 200 })).toEqual({
    columns: 4,
    from: 32,
    to: 56,
    offset: 160,
    height: 500,
  });
});

test('a class keeps its colour by its place among the names', () => {
  expect(classColor('dog', ['cat', 'dog'])).toBe('var(--run-1)');
  expect(classColor('bird', ['cat', 'dog'])).toBe(classColor(null, null));
});

test('folders at every depth are counted', () => {
  const names = ['train/cat/1.png', 'train/cat/2.png', 'train/dog/1.png', 'top.png'];
  expect(foldersOf(names.map((name) => ({ name })))).toEqual([
    { path: 'train/', count: 3 },
    { path: 'train/cat/', count: 2 },
    { path: 'train/dog/', count: 1 },
  ]);
  expect(foldersOf([{ name: 'a/1.png' }], ['gone/'])).toEqual([
    { path: 'a/', count: 1 },
    { path: 'gone/', count: 0 },
  ]);
});

test('classes are those of all sets that are searched, and those chosen before', () => {
  const sets = [{ classes: ['cat', 'dog'] }, { classes: null }, { classes: ['ant', 'dog'] }];
  expect(classesOf(sets, ['gone', 'cat'])).toEqual(['cat', 'dog', 'ant', 'gone']);
  expect(classesOf([{ classes: null }], [])).toBeNull();
});

test('where the time went, in a line', () => {
  const rest = { results: [], vote: null, warnings: [], searched: 50_000 };
  expect(
    timingText({ ...rest, method: 'exact', milliseconds: { decode: 3.14, embed: 41.2, search: 2 } }),
  ).toBe('decode 3.1 + encoder 41 + search 2 ms, exact over 50,000');
  expect(
    timingText({ ...rest, method: 'approximate', milliseconds: { decode: 0, embed: 0, search: 0 } }),
  ).toBe('search 0 ms, approximate over 50,000');
});

test('images of a set are JSON lines, and a damaged one is an error', () => {
  const line = { name: 'a.png', label: null, split: 'train', stamp: '1' };
  expect(parseImages(`${JSON.stringify(line)}\n`)).toEqual([line]);
  expect(() => parseImages('{"name":1}\n')).toThrow();
});

test('work and facts are told as people read them', () => {
  const work = { kind: 'embedding', doing: 'Embedding', unit: 'images', done: 1200, total: 50_000 } as const;
  expect(workText({ ...work, rate: 310.2, secondsLeft: 157 })).toBe(
    'Embedding: 1,200 of 50,000, 310 images/s, 2 min 37 s left',
  );
  expect(workText({ ...work, total: 0, rate: null, secondsLeft: null })).toBe('Embedding');
  expect(factsOf(exampleSet())).toEqual([
    '100 images',
    '64 numbers each',
    '25.0 KiB',
    'embedded at 312 images/s',
  ]);
});

test('a set without vectors says why it cannot be searched', () => {
  expect(notSearchable(exampleSet())).toBeUndefined();
  expect(notSearchable(exampleSet({ count: 0, state: 'embedding' }))).toMatch(/No image is embedded yet/);
  expect(notSearchable(exampleSet({ count: 0, state: 'failed', failure: 'The folder is gone.' }))).toBe(
    'The folder is gone.',
  );
});

test('what went wrong is told in every state, whichever work it was', () => {
  const failure = 'There is no ground truth at /data/gnd.json.';
  const hint = 'Give the path of a JSON file.';
  expect(troubleOf(exampleSet({ failure, hint }))).toEqual({
    tone: 'error',
    message: failure,
    hint,
    isUnfinished: false,
  });
  expect(troubleOf(exampleSet({ failure, state: 'partial' }))).toMatchObject({
    tone: 'error',
    message: failure,
    isUnfinished: true,
  });
  expect(troubleOf(exampleSet({ state: 'partial' }))).toMatchObject({ tone: 'info', isUnfinished: true });
  expect(troubleOf(exampleSet())).toBeNull();
});

test('the next work takes the trouble away, one in the background does not', () => {
  const work = { doing: 'Measuring', done: 0, total: 0, rate: null, unit: 'images', secondsLeft: null };
  const failed = { failure: 'The list is damaged.', hint: null };
  expect(troubleOf(exampleSet({ ...failed, work: { ...work, kind: 'measuring' } }))).toBeNull();
  expect(troubleOf(exampleSet({ ...failed, work: { ...work, kind: 'indexing' } }))).not.toBeNull();
});

test('a selection is of images, whichever rows they are of by now', () => {
  const before = [{ name: 'a.png' }, { name: 'b.png' }, { name: 'c.png' }];
  const after = [{ name: 'new.png' }, { name: 'b.png' }, { name: 'a.png' }];
  const names = namesOf(before, [0, 2, 7]);
  expect([...names]).toEqual(['a.png', 'c.png']);
  expect([...rowsNamed(before, names)]).toEqual([0, 2]);
  expect([...rowsNamed(after, names)]).toEqual([2]);
});
