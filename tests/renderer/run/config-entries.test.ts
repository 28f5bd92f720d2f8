/** src/renderer/pages/run/config-entries.ts */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { configEntries, settingText } from '../../../src/renderer/pages/run/config-entries';
import { jsonSchemaOf } from '../../../src/shared/json-schema';
import { runConfigSchema } from '../../../src/shared/run-config';
import { exampleDetail } from './example-detail';

const options = z.strictObject({
  temperature: z.number().default(0.5).describe('Divides the similarities'),
  projector: z.strictObject({ out: z.int().default(128) }).prefault({}),
});
const config = runConfigSchema.parse({
  ...exampleDetail().config,
  optimizer: { kind: 'sgd', momentum: 0.95 },
  schedule: { warmupEpochs: 5 },
  options: { temperature: 0.2, projector: { out: 128 } },
});
const entries = configEntries(config, jsonSchemaOf(runConfigSchema), jsonSchemaOf(options));
const entry = (path: string) => entries.find((one) => one.path === path);

test('what differs from the default comes first, then what has none, then the rest', () => {
  const changed = entries.filter(({ kind }) => kind === 'changed').map(({ path }) => path);
  expect(changed).toEqual(['optimizer.momentum', 'schedule.warmupEpochs', 'options.temperature']);
  const kinds = entries.map(({ kind }) => kind);
  expect(kinds).toEqual([...kinds].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
});
const order = ['changed', 'chosen', 'unknown', 'usual'];

test('each says what it is usually, what it means and in what unit', () => {
  expect(entry('optimizer.momentum')).toMatchObject({ value: 0.95, usual: 0.9 });
  expect(entry('schedule.warmupEpochs')).toMatchObject({ unit: 'epochs', help: 'Linear warm-up from 0' });
  expect(entry('options.temperature')).toMatchObject({ usual: 0.5, help: 'Divides the similarities' });
  expect(entry('options.projector.out')?.kind).toBe('usual');
  expect(entry('data.mean')).toMatchObject({ kind: 'usual', value: [0.485, 0.456, 0.406] });
  expect(entry('learningRate')?.kind).toBe('chosen');
  expect(entry('version')).toBeUndefined();
});

test("without the method's schema its settings are shown all the same", () => {
  const some = configEntries(config, jsonSchemaOf(runConfigSchema), null);
  expect(some.find(({ path }) => path === 'options.temperature')).toMatchObject({
    kind: 'unknown',
    value: 0.2,
  });
});

test.each([
  [null, 'none'],
  ['cpu', 'cpu'],
  [true, 'yes'],
  [0.5, '0.5'],
  [[1, 2], '1, 2'],
  [[], 'none'],
])('%j reads %s', (value, text) => {
  expect(settingText(value)).toBe(text);
});
