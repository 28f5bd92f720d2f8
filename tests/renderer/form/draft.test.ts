/** src/renderer/form/draft.ts */
import { describe, expect, test } from 'vitest';
import { change, formOf } from '../../../src/renderer/form/changes';
import {
  costKey,
  forLength,
  imagesAfter,
  presetOf,
  startFromPreset,
  startFromRun,
  viewsKey,
  withEncoderOf,
  withPreset,
} from '../../../src/renderer/form/draft';
import type { RunDetail } from '../../../src/shared/api/runs';
import type { RunConfig } from '../../../src/shared/run-config';
import type { Estimate } from '../../../src/shared/api/set-up';
import { catalogue, quick } from './catalogue';

const defaults = { device: 'auto', threads: 0 } as const;
const long = presetOf(catalogue, 'long');

describe('a preset to start from', () => {
  test('an id that is not known gives the first', () => {
    expect(() => presetOf(catalogue, 'gone')).toThrow('There is no preset “gone”.');
    expect(presetOf(catalogue, undefined).id).toBe('quick');
  });

  test('brings the sample where it names no images', () => {
    expect(startFromPreset(catalogue, presetOf(catalogue, 'quick'), defaults).draft.changes).toEqual({});
    expect(startFromPreset(catalogue, long, defaults).draft.changes).toEqual({ 'data.path': 'sample' });
  });

  test("takes the library's device and the images that were asked for", () => {
    const start = startFromPreset(catalogue, long, { device: 'cpu', threads: 2 }, '/birds');
    expect(start.base).toMatchObject({ device: 'cpu', threads: 2 });
    expect(start.draft.changes).toEqual({ 'data.path': '/birds' });
    // The host would take the library's device where the draft is silent: automatic has to be said.
    expect(change(catalogue, start.base, {}, 'device', 'auto')).toEqual({ device: 'auto' });
  });

  test('goes on with the images of the weights: the labelled ones where it needs labels', () => {
    const { methods } = catalogue;
    const needing = { ...catalogue, methods: methods.map((method) => ({ ...method, needsLabels: true })) };
    const apart = { path: '/birds', labelled: '/labels' } as RunConfig['data'];
    expect(imagesAfter(catalogue, long, apart)).toEqual({ path: '/birds', labelled: '/labels' });
    expect(imagesAfter(needing, long, apart)).toEqual({ path: '/labels', labelled: null });
    expect(imagesAfter(needing, long, { ...apart, labelled: null })).toEqual({
      path: '/birds',
      labelled: null,
    });
  });

  test('another preset keeps what is trained on, name and weights, and drops the rest', () => {
    const start = startFromPreset(catalogue, presetOf(catalogue, 'quick'), defaults, '/birds');
    const from = { run: 'r', checkpoint: 'last', freezeEncoder: true } as const;
    const changes = { ...start.draft.changes, epochs: 9, 'data.labelled': '/labels' };
    const next = withPreset(
      catalogue,
      long,
      { ...start, draft: { ...start.draft, changes, from, name: 'x' } },
      defaults,
    );
    expect(next.base).toEqual(long.config);
    expect(next.draft).toEqual({
      base: { kind: 'preset', preset: 'long' },
      changes: { 'data.path': '/birds', 'data.labelled': '/labels' },
      from,
      name: 'x',
    });
  });
});

test('a run to start from', () => {
  const detail = { row: { id: 'abc' }, config: quick } as unknown as RunDetail;
  expect(startFromRun(detail)).toEqual({
    base: quick,
    draft: { base: { kind: 'run', run: 'abc' }, changes: {}, from: null, name: null },
  });
});

describe('weights to start from', () => {
  const start = startFromPreset(catalogue, long, defaults, '/birds');

  test('bring the shape of their encoder, and what its images were like', () => {
    const { config } = formOf(catalogue, quick, { 'data.imageSize': 64, epochs: 9 });
    expect(withEncoderOf(catalogue, start, config).draft.changes).toEqual({
      'data.path': '/birds',
      'backbone.width': 0.25,
      'data.imageSize': 64,
    });
  });

  test('of another kind of encoder too', () => {
    const { config } = formOf(catalogue, quick, { 'backbone.kind': 'vit', 'backbone.patch': 8 });
    const adopted = withEncoderOf(catalogue, start, config);
    expect(adopted.draft.changes).toMatchObject({ 'backbone.kind': 'vit', 'backbone.patch': 8 });
    expect(formOf(catalogue, adopted.base, adopted.draft.changes).config['backbone']).toEqual(
      config['backbone'],
    );
  });
});

describe('keys', () => {
  const config = (changes: Record<string, unknown>) => formOf(catalogue, quick, changes).config;

  test('views depend on method, options, data and seed', () => {
    const key = viewsKey(config({}));
    expect(viewsKey(config({ epochs: 9, batchSize: 8, 'optimizer.kind': 'sgd' }))).toBe(key);
    for (const changes of [
      { 'options.views.flip': 0 },
      { 'data.path': '/x' },
      { seed: 1 },
      { method: 'supervised' },
    ])
      expect(viewsKey(config(changes))).not.toBe(key);
  });

  test('cost does not depend on length and learning rate', () => {
    const key = costKey(config({}), null);
    expect(costKey(config({ epochs: 9, learningRate: 1, maxSteps: 3, seed: 2 }), null)).toBe(key);
    for (const changes of [{ batchSize: 8 }, { device: 'cpu' }, { 'backbone.width': 1 }, { clipNorm: 1 }])
      expect(costKey(config(changes), null)).not.toBe(key);
    expect(costKey(config({}), { run: 'r', checkpoint: 'last', freezeEncoder: true })).not.toBe(key);
  });
});

test('an estimate is stretched to another length', () => {
  const estimate = { stepsPerEpoch: 20, secondsPerEpoch: 10, totalSteps: 80, secondsTotal: 40 } as Estimate;
  expect(forLength(estimate, { epochs: 8, maxSteps: null })).toMatchObject({
    totalSteps: 160,
    secondsTotal: 80,
  });
  expect(forLength(estimate, { epochs: 8, maxSteps: 10 })).toMatchObject({ totalSteps: 10, secondsTotal: 5 });
  expect(forLength(estimate, { epochs: 0.5, maxSteps: null })).toMatchObject({
    totalSteps: 10,
    secondsTotal: 5,
  });
});
