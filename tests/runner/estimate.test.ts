import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/runner/jobs/estimate';
import { measuredEstimateSchema } from '../../src/shared/studio';
import type { RunConfig } from '../../src/shared/run-config';
import { recorded, temporaryFolder, tinyConfig, writeImages, type Recorded } from './fixtures';

async function estimated(config: RunConfig, context: Recorded = recorded()) {
  const cacheDirectory = join(await temporaryFolder(), 'cache');
  return measuredEstimateSchema.parse(await estimate({ kind: 'estimate', cacheDirectory, config }, context));
}

describe('estimate', () => {
  it('measures the step of a run and multiplies, without decoding an image', async () => {
    const images = await writeImages(await temporaryFolder(), 16);
    const context = recorded();
    const found = await estimated(tinyConfig(images), context);
    expect(found).toMatchObject({ device: 'cpu', measuredSteps: 5, stepsPerEpoch: 3, totalSteps: 9 });
    expect(found.stepTime).toBeGreaterThan(0);
    expect(found.secondsPerEpoch).toBeCloseTo((3 * found.stepTime) / 1000);
    expect(found.secondsTotal).toBeCloseTo((9 * found.stepTime) / 1000);
    expect(found.peakBytes).toBeGreaterThan(50e6);
    expect(context.of('progress').map(({ phase }) => phase)).not.toContain('decoding');
  });

  it('counts what is trained: weights and biases, no running statistics, nothing frozen', async () => {
    const images = await writeImages(await temporaryFolder(), 16);
    const supervised = {
      method: 'supervised',
      options: {},
      backbone: { kind: 'resnet', width: 0.125 },
    } as const;
    const whole = await estimated(tinyConfig(images, supervised));
    const head = await estimated(
      tinyConfig(images, { ...supervised, init: { checkpoint: 'any', freezeEncoder: true } }),
    );
    // A linear layer from 64 features to two classes.
    expect(head.parameters).toBe(64 * 2 + 2);
    // torchvision's ResNet-18 with the small stem at an eighth of the width: 11.2 million / 64, and norms.
    expect(whole.parameters).toBeGreaterThan(170_000);
    expect(whole.parameters).toBeLessThan(180_000);
  });

  it('ends early when it is stopped, and refuses what training would', async () => {
    const images = await writeImages(await temporaryFolder(), 16);
    const context = recorded((message, recording) => {
      if (message.type === 'progress' && message.phase === 'training' && message.done === 1) recording.stop();
    });
    await expect(estimated(tinyConfig(images), context)).rejects.toThrow('Stopped');
    await expect(estimated(tinyConfig(images, { batchSize: 64 }))).rejects.toThrow('do not fill one batch');
    await expect(estimated(tinyConfig('/nowhere'))).rejects.toThrow('There is no folder');
  });
});
