/** src/renderer/form/changes.ts, paths.ts and run-schema.ts */
import { describe, expect, test } from 'vitest';
import {
  change,
  changesWithin,
  formOf,
  knownChanges,
  without,
  type Changes,
} from '../../../src/renderer/form/changes';
import { isWithin, sameValue, valueAt, withValue } from '../../../src/renderer/form/paths';
import { catalogue, quick } from './catalogue';

const set = (changes: Changes, path: string, value: unknown) =>
  change(catalogue, quick, changes, path, value);
const configOf = (changes: Changes) => formOf(catalogue, quick, changes).config;

test('paths', () => {
  const config = { a: { b: 1 }, c: null };
  expect(valueAt(config, 'a.b')).toBe(1);
  expect(valueAt(config, 'c.d')).toBeUndefined();
  expect(withValue(config, 'c.d', 2)).toEqual({ a: { b: 1 }, c: { d: 2 } });
  expect(config).toEqual({ a: { b: 1 }, c: null });
  expect(isWithin('data.path', 'data')).toBe(true);
  expect(isWithin('database', 'data')).toBe(false);
});

test.each([
  [[0.08, 1], [0.08, 1], true],
  [[0.08, 1], [0.08], false],
  [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, false],
  [null, {}, false],
  [0, null, false],
])('%j and %j are the same: %s', (a, b, same) => {
  expect(sameValue(a, b)).toBe(same);
});

test('defaults are filled in, those of the method and of the kind too', () => {
  expect(configOf({})).toMatchObject({
    version: 1,
    options: { temperature: 0.2, projector: { hidden: 256, out: 128 }, views: { cropScale: [0.08, 1] } },
    backbone: { kind: 'resnet', stem: 'cifar', width: 0.25 },
    data: { path: 'sample', labelled: null, heldOut: 0.1 },
    optimizer: { kind: 'adam', beta2: 0.999, weightDecay: 1e-5 },
    schedule: { kind: 'cosine', milestones: [] },
    clipNorm: null,
    init: null,
    device: 'auto',
  });
});

describe('a setting', () => {
  test('is a change only while it differs from the base', () => {
    const once = set({}, 'batchSize', 256);
    expect(once).toEqual({ batchSize: 256 });
    expect(set(once, 'batchSize', 128)).toEqual({});
  });

  test('that the base leaves to its default is compared with the default', () => {
    expect(set({}, 'schedule.warmupEpochs', 0)).toEqual({});
    expect(set({ 'options.views.cropScale': [0.5, 1] }, 'options.views.cropScale', [0.08, 1])).toEqual({});
  });

  test('can be emptied and filled again', () => {
    const clipped = set({}, 'clipNorm', 1);
    expect(configOf(clipped)['clipNorm']).toBe(1);
    expect(set(clipped, 'clipNorm', null)).toEqual({});
  });
});

describe('a change of kind', () => {
  const changed = set(set({}, 'optimizer.weightDecay', 0.1), 'epochs', 9);

  test('drops the changes of the former kind and no others', () => {
    expect(set(changed, 'optimizer.kind', 'sgd')).toEqual({ epochs: 9, 'optimizer.kind': 'sgd' });
  });

  test('brings the defaults of the new kind, not values of the old', () => {
    const optimizer = configOf(set(changed, 'optimizer.kind', 'adamw'))['optimizer'];
    expect(optimizer).toEqual({
      kind: 'adamw',
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0.05,
      weightDecayEnd: null,
    });
  });

  test("compares later settings with the new kind's defaults", () => {
    const sgd = set({}, 'optimizer.kind', 'sgd');
    expect(set(sgd, 'optimizer.weightDecay', 0)).toEqual(sgd);
    expect(set(sgd, 'optimizer.weightDecay', 1e-5)).toEqual({ ...sgd, 'optimizer.weightDecay': 1e-5 });
  });

  test("and back gives the base's own values back", () => {
    const back = set(set(changed, 'optimizer.kind', 'sgd'), 'optimizer.kind', 'adam');
    expect(back).toEqual({ epochs: 9 });
    expect(configOf(back)['optimizer']).toMatchObject({ kind: 'adam', weightDecay: 1e-5 });
  });

  test('of the backbone takes other settings along', () => {
    const vit = set(set({}, 'backbone.width', 1), 'backbone.kind', 'vit');
    expect(vit).toEqual({ 'backbone.kind': 'vit' });
    expect(configOf(vit)['backbone']).toEqual({
      kind: 'vit',
      size: 'tiny',
      patch: 4,
      depth: 12,
      pool: 'class',
    });
  });

  test('of the method drops its options and keeps optimizer and schedule', () => {
    const before = set(set({}, 'options.temperature', 1), 'optimizer.weightDecay', 0.1);
    const supervised = set(before, 'method', 'supervised');
    expect(supervised).toEqual({ method: 'supervised', 'optimizer.weightDecay': 0.1 });
    expect(configOf(supervised)).toMatchObject({
      options: { labelSmoothing: 0, padCrop: 4 },
      optimizer: { kind: 'adam', weightDecay: 0.1 },
    });
    expect(set(supervised, 'method', 'simclr')).toEqual({ 'optimizer.weightDecay': 0.1 });
  });
});

test('schedule.kind is a plain choice: its settings belong to every kind', () => {
  const changes = set(set({}, 'schedule.warmupEpochs', 2), 'schedule.kind', 'step');
  expect(changes).toEqual({ 'schedule.warmupEpochs': 2, 'schedule.kind': 'step' });
});

test('changes are counted and taken back by group', () => {
  const changes = { 'optimizer.momentum': 0.8, accumulate: 2, epochs: 3 };
  expect(changesWithin(changes, ['optimizer', 'accumulate'])).toBe(2);
  expect(without(changes, 'optimizer', 'accumulate')).toEqual({ epochs: 3 });
});

test('settings that do not exist, and those that changed nothing, are dropped', () => {
  const changes = { 'options.padCrop': 2, 'data.path': '/birds', nonsense: 1, epochs: 4 };
  expect(knownChanges(catalogue, quick, changes)).toEqual({ 'data.path': '/birds' });
});
