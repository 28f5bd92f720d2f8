/** src/renderer/form/check.ts */
import { expect, test } from 'vitest';
import { formOf, type Changes } from '../../../src/renderer/form/changes';
import { checkConfig } from '../../../src/renderer/form/check';
import { catalogue, quick } from './catalogue';

function messages(changes: Changes, base = quick): string[] {
  const { schema, config } = formOf(catalogue, base, changes);
  return checkConfig(schema, config).map(({ message }) => message);
}

test('a preset is in order', () => {
  expect(messages({})).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['batchSize', 0, 'batchSize is 0; it must be a whole number from 1 to 65536'],
  ['batchSize', 1.5, 'batchSize is 1.5; it must be a whole number from 1 to 65536'],
  ['learningRate', 0, 'learningRate is 0; it must be a number above 0 and at most 100'],
  ['clipNorm', -1, 'clipNorm is -1; it must be a number above 0 or null'],
  ['backbone.depth', 19, 'backbone.depth is 19; it must be 18, 34 or 50'],
  ['backbone.stem', 'x', 'backbone.stem is "x"; it must be "torchvision", "torchvision-no-pool" or "cifar"'],
  ['options.temperature', 0, 'options.temperature is 0; it must be a number from 0.01 to 10'],
  ['options.views.cropScale', [0.5, 3], 'options.views.cropScale.1 is 3; it must be a number from 0 to 1'],
  ['data.path', '', 'data.path is ""; it must be a text'],
  ['lowMemory', 'yes', 'lowMemory is "yes"; it must be true or false'],
])('%s = %j', (path, value, message) => {
  expect(messages({ [path]: value })).toEqual([message]);
});

test('an empty subset is allowed where null is', () => {
  expect(messages({ 'data.subset': 1000 })).toEqual([]);
  expect(messages({ 'schedule.milestones': [60, 80] })).toEqual([]);
  expect(messages({ 'schedule.milestones': [60, -1] })).toEqual([
    'schedule.milestones.1 is -1; it must be a number of at least 0',
  ]);
});

test('what has no default is found missing', () => {
  expect(messages({}, { ...quick, data: {}, epochs: undefined })).toEqual([
    'data.path is missing; it must be a text',
    'epochs is missing; it must be a number above 0 and at most 100000',
  ]);
});
