/** The form and the host agree on what changes come to, and use the same words for what is wrong. */
import { expect, test } from 'vitest';
import { describe as describeChoices } from '../../../src/learning/config/describe';
import { resolveConfig } from '../../../src/learning/config/resolve';
import { formOf, type Changes } from '../../../src/renderer/form/changes';
import { checkConfig } from '../../../src/renderer/form/check';
import { catalogueSchema } from '../../../src/shared/api/set-up';

const catalogue = catalogueSchema.parse(describeChoices());
const form = (preset: string, changes: Changes) =>
  formOf(catalogue, catalogue.presets.find(({ id }) => id === preset)!.config, changes);
const resolve = (preset: string, changes: Changes) =>
  resolveConfig({
    preset,
    overrides: Object.entries(changes).map(([path, value]) => [path, JSON.stringify(value)] as const),
  });

test.each<[string, Changes]>([
  ['quick', {}],
  ['quick', { batchSize: 64, 'options.views.cropScale': [0.2, 0.9], 'data.path': '/tmp/123' }],
  ['quick', { 'optimizer.momentum': 0.8, 'optimizer.kind': 'lars' }],
  ['quick', { 'backbone.kind': 'vit', 'backbone.patch': 8 }],
  ['quick', { method: 'supervised', 'options.padCrop': 2 }],
  ['quick', { 'optimizer.kind': 'adam', method: 'simclr' }],
  ['quick', { 'init.checkpoint': 'weights.safetensors', clipNorm: 1, 'schedule.milestones': [1, 2] }],
  ['simclr-cifar10', { 'data.path': 'sample', 'schedule.kind': 'step' }],
  ['supervised-cifar10', { 'data.path': 'sample', method: 'simclr' }],
])('%s with %j', (preset, changes) => {
  const { schema, config } = form(preset, changes);
  expect(checkConfig(schema, config)).toEqual([]);
  // Undefined and missing are the same to the host.
  expect(resolve(preset, changes).config).toEqual(
    Object.hasOwn(changes, 'init.checkpoint')
      ? { ...config, init: { checkpoint: 'weights.safetensors', freezeEncoder: false } }
      : config,
  );
});

test.each<[string, Changes]>([
  ['quick', { batchSize: 0 }],
  ['quick', { learningRate: -1, clipNorm: 0 }],
  ['quick', { 'data.mean': [0.5, 0.5, 3] }],
  ['quick', { 'options.temperature': 100, 'data.imageSize': 7.5 }],
  ['quick', { 'data.subset': 0, device: 'gpu' }],
  ['quick', { 'backbone.depth': 19 }],
  ['simclr-cifar10', {}],
])('what is wrong with %s and %j', (preset, changes) => {
  const { schema, config } = form(preset, changes);
  const said = checkConfig(schema, config).map(({ message }) => message);
  expect(() => resolve(preset, changes)).toThrow(expect.objectContaining({ message: said.join('. ') }));
});
