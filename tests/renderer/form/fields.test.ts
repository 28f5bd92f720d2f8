/** src/renderer/form/fields.ts, layout.ts and names.ts */
import { describe, expect, test } from 'vitest';
import type { DraftIssue } from '../../../src/shared/api/set-up';
import { formOf, type Changes } from '../../../src/renderer/form/changes';
import { fieldsOf, leavesOf, type LeafField } from '../../../src/renderer/form/fields';
import { layOut } from '../../../src/renderer/form/layout';
import { labelOf, valueName } from '../../../src/renderer/form/names';
import { catalogue, quick } from './catalogue';

const fields = (changes: Changes = {}, issues: DraftIssue[] = []) =>
  fieldsOf(formOf(catalogue, quick, changes), changes, issues);
const leaf = (path: string, changes: Changes = {}, issues: DraftIssue[] = []): LeafField | undefined =>
  leavesOf(fields(changes, issues)).find((candidate) => candidate.path === path);

test.each([
  ['batchSize', 'Batch size'],
  ['optimizer.weightDecay', 'Weight decay'],
  ['data.imageSize', 'Image size'],
  ['knn.k', 'Neighbours (k)'],
  ['options.somethingNew2D', 'Something new2 d'],
])('%s is called %s', (path, label) => {
  expect(labelOf(path)).toBe(label);
});

test('values have names too', () => {
  expect(valueName('optimizer.kind', 'adamw')).toBe('AdamW');
  expect(valueName('schedule.kind', 'cosine')).toBe('Cosine');
  expect(valueName('backbone.depth', 50)).toBe('50');
});

describe('kinds of fields', () => {
  test('numbers know their limits, unit and help', () => {
    expect(leaf('batchSize')).toMatchObject({
      kind: 'number',
      label: 'Batch size',
      help: 'Images a step',
      unit: 'images',
      value: 128,
      initial: 128,
      changed: false,
      empty: null,
      limits: { integer: true, low: 1, high: 65_536, words: 'from 1 to 65536' },
    });
    expect(leaf('learningRate')).toMatchObject({ limits: { integer: false, low: 0, high: 100 } });
  });

  test('null beside a number makes it one that may be empty', () => {
    expect(leaf('data.subset')).toMatchObject({ kind: 'number', value: null, empty: 'all' });
    expect(leaf('clipNorm', { clipNorm: 1 })).toMatchObject({ value: 1, empty: 'off', changed: true });
  });

  test('enums and unions of numbers are choices', () => {
    expect(leaf('backbone.depth')).toMatchObject({
      kind: 'choice',
      choices: [
        { value: 18, name: '18' },
        { value: 34, name: '34' },
        { value: 50, name: '50' },
      ],
    });
    expect(leaf('device')).toMatchObject({ kind: 'choice', value: 'auto' });
  });

  test('tuples, lists, truth values and texts', () => {
    expect(leaf('data.mean')).toMatchObject({ kind: 'tuple', items: { length: 3 } });
    expect(leaf('schedule.milestones')).toMatchObject({ kind: 'list', limits: { low: 0 } });
    expect(leaf('lowMemory')).toMatchObject({ kind: 'boolean', value: false });
    expect(leaf('data.labelled')).toMatchObject({ kind: 'text', empty: 'the images trained on' });
  });

  test('unions of objects show the fields of the kind that is meant', () => {
    const optimizer = fields({ 'optimizer.kind': 'lars' }).find(({ path }) => path === 'optimizer');
    expect(optimizer).toMatchObject({
      kind: 'variant',
      choice: { value: 'lars', initial: 'lars', changed: true },
    });
    const paths = leavesOf([optimizer!]).map(({ path }) => path);
    expect(paths).toEqual([
      'optimizer.kind',
      'optimizer.momentum',
      'optimizer.trust',
      'optimizer.weightDecay',
    ]);
  });

  test('constants have no field, objects that are null have none inside', () => {
    expect(leaf('version')).toBeUndefined();
    expect(leaf('init.checkpoint')).toBeUndefined();
  });
});

test('an issue stands at its field, without saying its name again', () => {
  const said: DraftIssue = {
    path: 'batchSize',
    message: 'batchSize is 0; it must be a whole number from 1 to 65536',
    hint: null,
  };
  expect(leaf('batchSize', { batchSize: 0 }, [said])?.issue).toBe('Must be a whole number from 1 to 65536');
  const inside: DraftIssue = {
    path: 'data.mean.1',
    message: 'data.mean.1 is 3: too bright',
    hint: 'Darken it.',
  };
  expect(leaf('data.mean', {}, [inside])?.issue).toBe('data.mean.1 is 3: too bright. Darken it.');
  expect(leaf('epochs', {}, [said, inside])?.issue).toBeNull();
});

describe('the layout', () => {
  const layout = (changes: Changes = {}) => layOut(fields(changes), changes);
  const paths = (list: readonly LeafField[]) => list.map(({ path }) => path);

  test('a few settings stand in front', () => {
    const { backbone, training, method } = layout();
    expect(paths(backbone)).toEqual(['backbone.kind', 'backbone.depth']);
    expect(paths(training)).toEqual(['epochs', 'batchSize', 'learningRate', 'data.imageSize']);
    expect(paths(method)).toEqual([
      'options.temperature',
      'options.projector.hidden',
      'options.projector.out',
    ]);
    expect(method[1]?.label).toBe('Projector: hidden width');
  });

  test('every other setting is in one group, and in one only', () => {
    const { backbone, training, method, groups } = layout();
    const shown = [...backbone, ...training, ...method, ...groups.flatMap((group) => group.fields)];
    const expected = leavesOf(fields()).filter(
      ({ path }) => !['method', 'data.path', 'data.labelled'].includes(path),
    );
    expect(paths(shown).sort()).toEqual(paths(expected).sort());
    expect(groups.map(({ title }) => title)).toEqual([
      'Data',
      'Views',
      'Method',
      'Teacher',
      'Backbone',
      'Optimizer',
      'Schedule',
      'Evaluation',
      'Checkpoints',
      'Device',
      'Length and seed',
    ]);
  });

  test('groups count their changes and faults', () => {
    const changes = { 'optimizer.kind': 'sgd', 'optimizer.momentum': 2, ema: 0.99, epochs: 3 };
    const issues = [
      { path: 'optimizer.momentum', message: 'optimizer.momentum is 2; it must be less', hint: null },
    ];
    const { groups } = layOut(fields(changes, issues), changes);
    expect(groups.find(({ id }) => id === 'optimizer')).toMatchObject({ changes: 3, issues: 1 });
    expect(groups.find(({ id }) => id === 'schedule')).toMatchObject({ changes: 0, issues: 0 });
  });

  test('a method of few options has no group of its own', () => {
    expect(paths(layout({ method: 'supervised' }).method)).toEqual([
      'options.labelSmoothing',
      'options.padCrop',
    ]);
    expect(layout({ method: 'supervised' }).groups.map(({ id }) => id)).not.toContain('method');
  });
});
