import { describe, expect, it } from 'vitest';
import { describe as describeLearning } from '../../../src/learning/config/describe';
import { presets } from '../../../src/learning/config/presets';
import { findMethod, methods } from '../../../src/learning/registry';

describe('describe', () => {
  const description = describeLearning();

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  it('gives every setting of every method a help text, a default and a place', () => {
    const leaves = (schema: (typeof description)['config'], path: string): [string, typeof schema][] =>
      schema.properties
        ? Object.entries(schema.properties).flatMap(([key, member]) => leaves(member, `${path}.${key}`))
        : [[path, schema]];
    for (const method of description.methods)
      for (const [path, schema] of leaves(method.options, method.id)) {
        expect(schema.description, path).toBeTruthy();
        expect(schema.default, path).toBeDefined();
      }
  });

  it('names each method and preset once, and presets use methods that exist', () => {
    for (const ids of [methods.map(({ id }) => id), presets.map(({ id }) => id)])
      expect(new Set(ids).size).toBe(ids.length);
    for (const { config } of presets) expect(findMethod(config.method).id).toBe(config.method);
  });
});
