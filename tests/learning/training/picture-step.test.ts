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

  /** Bright at the left and dark at the right, a little redder in each. */
  const ramps = Uint8Array.from({ length: 3 * 32 * 32 * 3 }, (_, i) =>
    i % 3 === 0 ? 40 * Math.floor(i / (32 * 32 * 3)) : 255 - 8 * (Math.floor(i / 3) % 32),
  );
  const shown = async (config: Partial<RunConfigInput>) => {
    const backbone = { kind: 'resnet', width: 0.125 } as const;
    const training = stepOf({ backbone, data: { path: '/images', imageSize: 32 }, ...config });
    const pictures = training.pictures(3)!;
    const { device } = await openDevice('cpu', { threads: 0, lowMemory: false });
    const step = await device.prepare(pictures.definition, pictures.state(training.initialState()));
    const inputs = pictures.inputs({ images: ramps, indices: [4, 9, 2], labels: Int32Array.of(0, 1, -1) });
    const strips = pictures.strips(await step.run(inputs));
    await step.dispose();
    await device.dispose();
    return Object.fromEntries(strips.map((strip) => [strip.caption, strip]));
  };
  const sorted = (pixels: Uint8Array, image: number) =>
    [...pixels.subarray((image * pixels.length) / 3, ((image + 1) * pixels.length) / 3)].sort(
      (a, b) => a - b,
    );

  it('shows turned images, and each as the guess turns it back', async () => {
    const { 'what it sees': seen, 'turned back': back } = await shown({
      method: 'rotation',
      options: { padCrop: 0, flip: 0 },
    });
    const at = (x: number, y: number, image: number) => seen.pixels[((image * 32 + y) * 32 + x) * 3 + 1];
    // Upright, turned by a quarter, upside down.
    expect([at(0, 9, 0), at(31, 9, 0)]).toEqual([255, 7]);
    expect([at(9, 31, 1), at(9, 0, 1)]).toEqual([255, 7]);
    expect([at(0, 9, 2), at(31, 9, 2)]).toEqual([7, 255]);
    for (const image of [0, 1, 2]) expect(sorted(back.pixels, image)).toEqual(sorted(seen.pixels, image));
  });

  it.each(['jigsaw', 'pirl'])('shows the tiles of %s, none of them lost', async (method) => {
    const options =
      method === 'jigsaw'
        ? { grid: 2, gap: 0, permutations: 8, cropScale: [1, 1], flip: 0, grayscale: 0, normalizeTiles: true }
        : {
            grid: 2,
            gap: 0,
            imageCrop: [1, 1],
            tileCrop: [1, 1],
            flip: 0,
            jitter: [0, 0, 0, 0],
            grayscale: 0,
          };
    const strips = Object.values(await shown({ method, options }));
    expect(strips.map(({ height, width }) => [height, width])).toEqual([
      [32, 32],
      [32, 32],
    ]);
    for (const { pixels } of strips)
      for (const image of [0, 1, 2]) {
        const original = sorted(ramps, image);
        const off = sorted(pixels, image).map((value, i) => Math.abs(value - original[i]));
        expect(Math.max(...off)).toBeLessThanOrEqual(1);
      }
    expect(strips.some(({ pixels }) => !Buffer.from(pixels).equals(Buffer.from(ramps)))).toBe(true);
  });

  it('shows what FixMatch is sure enough of to learn from', async () => {
    const method = 'fixmatch';
    const captions = ['weak', 'strong', 'learned from, the unsure left dark'];
    const sure = await shown({ method, options: { confidence: 0 } });
    expect(Object.keys(sure)).toEqual(captions);
    expect(sure[captions[2]].pixels).toEqual(sure.strong.pixels);
    const unsure = await shown({ method, options: { confidence: 1 } });
    expect(unsure[captions[2]].pixels.every((value) => value === 0)).toBe(true);
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
