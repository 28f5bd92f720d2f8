import { describe, expect, it } from 'vitest';
import { printStep } from '../../../src/engine';
import { createViewStep } from '../../../src/learning';
import { runConfigSchema } from '../../../src/shared/run-config';

function step(
  method: string,
  options: Record<string, unknown>,
  data: Record<string, unknown> = {},
  batch = 2,
) {
  const config = runConfigSchema.parse({
    method,
    options: method === 'simclr' ? { views: options } : options,
    backbone: { kind: 'resnet' },
    data: { path: 'sample', imageSize: 8, ...data },
    optimizer: { kind: 'sgd' },
    learningRate: 0.1,
    batchSize: 8,
    epochs: 1,
  });
  return createViewStep(config, batch);
}

const some = { cropScale: [0.2, 1], jitterStrength: 0.5, grayscale: 0.2, flip: 0.5, blur: 0.5 };

describe('the step of views', () => {
  it.each([
    ['another crop', some, { ...some, cropScale: [0.5, 0.9] }],
    ['weaker jitter', some, { ...some, jitterStrength: 0.1 }],
    ['other probabilities', some, { ...some, grayscale: 0.9, flip: 1, blur: 0.1 }],
  ])('is the same for %s: only the draws differ', async (_, a, b) => {
    const [one, other] = [step('simclr', a), step('simclr', b)];
    expect(other.key).toBe(one.key);
    expect(await printStep(other.definition)).toBe(await printStep(one.definition));
    const inputs = (made: typeof one) => made.inputs(new Uint8Array(2 * 8 * 8 * 3), [0, 1], 0).view0.data;
    expect(inputs(other)).not.toEqual(inputs(one));
  });

  it.each([
    ['without jitter', step('simclr', { ...some, jitterStrength: 0 })],
    ['without grayscale', step('simclr', { ...some, grayscale: 0 })],
    ['without flip', step('simclr', { ...some, flip: 0 })],
    ['without blur', step('simclr', { ...some, blur: 0 })],
    ['of larger images', step('simclr', some, { imageSize: 16 })],
    ['of another standard deviation', step('simclr', some, { std: [0.5, 0.5, 0.5] })],
    ['of more images', step('simclr', some, {}, 3)],
    ['of another method', step('supervised', { padCrop: 4, flip: 0.5 })],
    ['without padding', step('supervised', { padCrop: 0, flip: 0.5 })],
  ])('is another one %s', async (_, other) => {
    const one = step('simclr', some);
    expect(other.key).not.toBe(one.key);
    expect(await printStep(other.definition)).not.toBe(await printStep(one.definition));
  });
});
