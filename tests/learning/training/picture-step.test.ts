import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../src/engine';
import { createEncoder, createTrainingStep, findMethod } from '../../../src/learning';
import { runConfigSchema, type RunConfigInput } from '../../../src/shared/run-config';

const stepOf = (config: Partial<RunConfigInput>) => {
  const whole = runConfigSchema.parse({
    method: 'mae',
    options: { decoder: { width: 24, depth: 1, heads: 3 }, views: { cropScale: [1, 1], flip: 0 } },
    backbone: { kind: 'vit', size: 'tiny', patch: 4, depth: 1 },
    data: { path: '/images', imageSize: 16 },
    optimizer: { kind: 'adamw' },
    learningRate: 1e-3,
    batchSize: 4,
    epochs: 1,
    ...config,
  });
  return createTrainingStep({
    config: whole,
    method: findMethod(whole.method),
    encoder: createEncoder(whole.backbone, whole.data.imageSize),
    classes: ['a', 'b'],
    images: 40,
    stepsPerEpoch: 10,
    totalSteps: 10,
  });
};
const images = Uint8Array.from({ length: 3 * 16 * 16 * 3 }, (_, i) => (i * 37) % 256);

describe('the picture step', () => {
  it.each(['reference', 'cpu'] as const)('gives the pictures of a method as bytes, on %s', async (name) => {
    const training = stepOf({});
    const pictures = training.pictures(3)!;
    const { device } = await openDevice(name, { threads: 0, lowMemory: false });
    const step = await device.prepare(pictures.definition, pictures.state(training.initialState()));
    const inputs = pictures.inputs({ images, indices: [4, 9, 2] });
    const strips = pictures.strips(await step.run(inputs));
    expect(strips.map(({ caption }) => caption)).toEqual(['original', 'masked', 'reconstruction']);
    for (const { height, width, pixels } of strips) {
      expect([height, width, pixels.length]).toEqual([16, 16, 3 * 16 * 16 * 3]);
    }
    const off = strips[0].pixels.map((value, i) => Math.abs(value - images[i]));
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
    const masked = strips[1].pixels.filter((value, i) => Math.abs(value - images[i]) > 1).length;
    expect(masked / images.length).toBeGreaterThan(0.6);
    await step.dispose();
    await device.dispose();
  });

  it('serves methods of other shapes as well: captions of several words, a ResNet', async () => {
    const backbone = { kind: 'resnet', width: 0.125 } as const;
    const training = stepOf({ method: 'colorization', options: {}, backbone });
    const pictures = training.pictures(3)!;
    const { device } = await openDevice('cpu', { threads: 0, lowMemory: false });
    const step = await device.prepare(pictures.definition, pictures.state(training.initialState()));
    const strips = pictures.strips(await step.run(pictures.inputs({ images, indices: [4, 9, 2] })));
    expect(strips.map(({ caption }) => caption)).toEqual(['what it sees', 'what it tells', 'original']);
    for (const { pixels } of strips) expect(pixels).toHaveLength(images.length);
    await step.dispose();
    await device.dispose();
  });

  it('needs nothing of the optimizer, and is not there where a method shows nothing', () => {
    const pictures = stepOf({}).pictures(2)!;
    const names = [...Object.keys(pictures.definition.inputs), ...Object.keys(pictures.definition.state)];
    expect(names).toContain('draw/kept');
    expect(names).toContain('decoder/mask_token');
    expect(names.filter((name) => name.startsWith('optimizer'))).toEqual([]);
    const simclr = { method: 'simclr', options: {}, backbone: { kind: 'resnet', width: 0.125 } } as const;
    expect(stepOf(simclr).pictures(2)).toBeNull();
  });
});
