/** Every experiment: its presets exist, its settings resolve, its stages build on earlier ones. */
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/learning/config/resolve';
import { experiments } from '../../src/learning/experiments';

describe.each(experiments.map((experiment) => ({ id: experiment.id, experiment })))(
  '$id',
  ({ experiment }) => {
    it('has stages that resolve, in an order that can be trained', () => {
      const earlier = new Set<string>();
      for (const { id, preset, set, from, teacher } of experiment.stages) {
        const given = { 'data.path': 'images', ...(teacher !== null && { teacher: 'a run' }) };
        const overrides = Object.entries(json({ ...given, ...set }));
        const { config } = resolveConfig({ preset, overrides });
        expect(config.data.path).toBe('images');
        for (const source of [from, teacher]) if (source !== null) expect(earlier).toContain(source);
        expect(earlier).not.toContain(id);
        earlier.add(id);
      }
      for (const id of experiment.comparison.stages) expect(earlier).toContain(id);
    });
  },
);

const json = (set: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(set).map(([path, value]) => [path, JSON.stringify(value)]));
