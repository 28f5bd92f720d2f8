/** src/renderer/form/issues.ts and about.ts */
import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../../src/shared/api/datasets';
import { aboutField, sayValue } from '../../../src/renderer/form/about';
import { formOf, type Changes } from '../../../src/renderer/form/changes';
import { fieldsOf, leavesOf, shortened } from '../../../src/renderer/form/fields';
import { dataIssues, localIssues, mergeIssues, teacherIssues } from '../../../src/renderer/form/issues';
import { catalogue, quick } from './catalogue';
import { dataset } from '../data/dataset';

const form = (changes: Changes = {}) => formOf(catalogue, quick, changes);
const [simclr, supervised] = catalogue.methods;

test('a text that is no value is said in the words of the host, at its setting', () => {
  expect(localIssues(form(), { batchSize: 'many' })).toEqual([
    {
      path: 'batchSize',
      message: 'batchSize is "many"; it must be a whole number from 1 to 65536',
      hint: null,
    },
  ]);
  const [inTuple] = localIssues(form(), { 'data.mean.1': 'x' });
  expect(inTuple.message).toBe('data.mean.1 is "x"; it must be a number from 0 to 1');
});

test('the text hides what was wrong with the value before it', () => {
  expect(localIssues(form({ batchSize: 0 }), { batchSize: '' })).toHaveLength(1);
});

test("the host's word counts where nothing is seen here", () => {
  const own = [{ path: 'a', message: 'new', hint: null }];
  const hosts = [
    { path: 'a', message: 'old', hint: null },
    { path: 'b', message: 'b', hint: null },
  ];
  expect(mergeIssues(own, hosts).map(({ message }) => message)).toEqual(['new', 'b']);
});

describe('data', () => {
  const issues = (set: Dataset | undefined, changes: Changes = {}, method = simclr) =>
    dataIssues(form(changes).config, set, method, catalogue);

  test('that is ready, or not known, has none', () => {
    expect(issues(dataset())).toEqual([]);
    expect(issues(undefined)).toEqual([]);
    expect(issues(dataset({ state: 'checking', report: null }), {}, supervised)).toEqual([]);
  });

  test('that is missing says so', () => {
    const missing = dataset({ state: 'missing', failure: 'There is nothing there', hint: 'Plug it in.' });
    expect(issues(missing)).toEqual([
      { path: 'data.path', message: 'There is nothing there', hint: 'Plug it in.' },
    ]);
  });

  test('without labels stands against a method that needs them, and another is named', () => {
    const unlabelled = dataset({ classes: null });
    expect(issues(unlabelled)).toEqual([]);
    const [issue] = issues(unlabelled, {}, supervised);
    expect(issue.message).toBe('Supervised learns from labels, and birds has none');
    expect(issue.hint).toContain('SimCLR');
  });

  test('that cannot fill a batch is said at the batch size', () => {
    const small = dataset({ images: 30, classes: null });
    expect(issues(small)).toEqual([
      {
        path: 'batchSize',
        message: '27 images are trained on: they do not fill a batch of 128',
        hint: 'Set it to 16 or less, or add images.',
      },
    ]);
    expect(issues(small, { batchSize: 27 })).toEqual([]);
    expect(issues(dataset({ images: 1000 }), { 'data.subset': 100 })[0].path).toBe('batchSize');
    const split = [
      { name: 'train', count: 100 },
      { name: 'test', count: 900 },
    ];
    expect(issues(dataset({ images: 1000, splits: split }))[0].path).toBe('batchSize');
  });
});

test('at its field or behind its name an issue need not name the setting', () => {
  const hint = 'Try 2.';
  expect(shortened({ path: 'k', message: 'k is 0; it must be a number above 0', hint })).toBe(
    'Must be a number above 0. Try 2.',
  );
});

test('help says what a setting is, what it may be, and what it was', () => {
  const changes = { batchSize: 64, clipNorm: 1, 'schedule.milestones': [60] };
  const leaves = leavesOf(fieldsOf(form(changes), changes, []));
  const help = (path: string) => aboutField(leaves.find((leaf) => leaf.path === path)!).text;
  expect(help('batchSize')).toBe('Images a step. From 1 to 65,536. To begin with: 128.');
  expect(help('clipNorm')).toBe('Largest global gradient norm. Above 0. To begin with: off.');
  expect(help('schedule.milestones')).toMatch(/Each at least 0\. To begin with: none\.$/);
  expect(help('device')).toBe('What computes; automatic takes the fastest that works here.');
  expect(sayValue({ path: 'lowMemory' }, true)).toBe('on');
  expect(sayValue({ path: 'optimizer.kind' }, 'adamw')).toBe('AdamW');
});

test('every setting of a run has a help text', () => {
  for (const changes of [
    {},
    { 'optimizer.kind': 'lars' },
    { 'optimizer.kind': 'sgd' },
    { 'backbone.kind': 'vit' },
  ]) {
    const silent = leavesOf(fieldsOf(form(changes), changes, []))
      .filter(({ path, help }) => !path.startsWith('options.') && help === null)
      .map(({ path }) => path);
    expect(silent).toEqual([]);
  }
});

test('a method that learns from a trained network says so until one is chosen', () => {
  const beit = { ...simclr, title: 'BEiT', needsTeacher: 'a trained tokenizer' };
  const issues = (teacher: string | null, method: typeof simclr = beit) =>
    teacherIssues({ ...form().config, teacher }, method);
  expect(issues(null)).toEqual([
    {
      path: 'teacher',
      message: 'BEiT learns from a trained tokenizer',
      hint: 'Choose it, or train one first.',
    },
  ]);
  expect(issues('vqvae-1')).toEqual([]);
  expect(issues(null, { ...simclr, needsTeacher: null })).toEqual([]);
});
