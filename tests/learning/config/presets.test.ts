import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { findPreset, presets } from '../../../src/learning/config/presets';
import { resolveConfig } from '../../../src/learning/config/resolve';
import { findMethod } from '../../../src/learning/registry';
import { createTrainingStep } from '../../../src/learning/training';

describe('presets', () => {
  it.each(presets.map(({ id }) => id))('%s has parts, views and schedules that fit each other', (id) => {
    const method = findMethod(findPreset(id).config.method);
    const teacher: [string, string][] = method.needsTeacher ? [['teacher', 'run-3']] : [];
    const { config } = resolveConfig({ preset: id, overrides: [['data.path', '/images'], ...teacher] });
    const training = createTrainingStep({
      config,
      method,
      encoder: createEncoder(config.backbone, config.data.imageSize),
      classes: ['cat', 'dog'],
      images: 25_000,
      stepsPerEpoch: 100,
      totalSteps: 1000,
    });
    expect(training.trainedSize).toBeGreaterThan(100_000);
    for (const step of [0, 500, 999])
      for (const value of Object.values(training.scheduled(step))) expect(Number.isFinite(value)).toBe(true);
  });
});
