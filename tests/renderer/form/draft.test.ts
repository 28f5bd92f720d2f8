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
  startingAtRandom,
  startingFrom,
  type Start,
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
    const from = { kind: 'run', run: 'r', checkpoint: 'last', freezeEncoder: true } as const;
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

describe('weights in place of those that the base names', () => {
  const base = { ...quick, init: { checkpoint: '/runs/a/step-000009.safetensors', freezeEncoder: true } };
  const start = startFromRun({ row: { id: 'abc' }, config: base } as unknown as RunDetail);
  const initOf = ({ base: config, draft }: Start) => formOf(catalogue, config, draft.changes).config['init'];

  test('random ones are a change, which goes with the next choice', () => {
    const random = startingAtRandom(catalogue, start);
    expect(random.draft).toMatchObject({ from: null, changes: { init: null } });
    expect(initOf(random)).toBeNull();
    // The host puts the weights into `init`: a change that takes them out must not follow.
    const from = { kind: 'file', place: 'handle', freezeEncoder: false } as const;
    expect(startingFrom(random, from).draft).toMatchObject({ from, changes: {} });
    expect(initOf(startingFrom(random, null))).toEqual(base.init);
  });

  test('random ones are no change where the base has none', () => {
    const bare = startFromRun({ row: { id: 'abc' }, config: quick } as unknown as RunDetail);
    expect(startingAtRandom(catalogue, bare).draft.changes).toEqual({});
  });
});

test('a file brings the encoder that it is of', () => {
  const file = {
    backbone: { kind: 'vit', size: 'small', patch: 16, depth: 12, pool: 'class' },
    data: { imageSize: 224, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  };
  const { base, draft } = withEncoderOf(
    catalogue,
    startFromPreset(catalogue, long, defaults, '/birds'),
    file,
  );
  const { config } = formOf(catalogue, base, draft.changes);
  expect(config['backbone']).toEqual(file.backbone);
  expect(config['data']).toMatchObject({ ...file.data, path: '/birds' });
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
    expect(costKey(config({}), { kind: 'run', run: 'r', checkpoint: 'last', freezeEncoder: true })).not.toBe(
      key,
    );
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
