import { describe, expect, it } from 'vitest';
import { openDevice, type DeviceName, type HostTensors, type StepDefinition } from '../../../src/engine';
import { applyViews, sampleViews, VIEW_PARAMETER_COUNT, viewRecipeSchema } from '../../../src/learning/views';
import { values } from '../../golden/formula';

const BATCH = 6;
const SIDE = 20;

async function run(device: DeviceName, definition: StepDefinition, inputs: HostTensors) {
  const opened = await openDevice(device, { threads: 1, lowMemory: false });
  const step = await opened.device.prepare(definition, {});
  const { views } = await step.run(inputs);
  await step.dispose();
  return views.data;
}

describe('compiled views', () => {
  it.each([
    ['no distortion', { size: 20 }],
    ['resize and flip', { size: 16, flip: 0.5 }],
    ['SimCLR', { size: 20, crop: {}, flip: 0.5, jitter: { probability: 1 }, grayscale: 0.2, blur: {} }],
    ['shift, solarize and mask', { size: 20, padCrop: 4, solarize: 0.5, squareMask: 8 }],
  ])('are those of the reference: %s', async (_, input) => {
    const recipe = viewRecipeSchema.parse(input);
    const specs = {
      images: { shape: [BATCH, SIDE, SIDE, 3], dtype: 'float32' as const },
      parameters: { shape: [BATCH, VIEW_PARAMETER_COUNT], dtype: 'float32' as const },
    };
    const definition: StepDefinition = {
      name: 'views',
      state: {},
      inputs: specs,
      step: (_state, { images, parameters }) => ({
        state: {},
        outputs: { views: applyViews(images, parameters, recipe, [0.5, 0.4, 0.3], [0.2, 0.2, 0.2]) },
      }),
    };
    const place = { seed: 1, epoch: 0, images: [0, 1, 2, 3, 4, 5], view: 0 };
    const inputs = {
      images: {
        ...specs.images,
        data: values('compiled', BATCH * SIDE * SIDE * 3).map((v) => (v + 1) / 2),
      },
      parameters: { ...specs.parameters, data: sampleViews(recipe, SIDE, place) },
    };
    const compiled = await run('cpu', definition, inputs);
    const reference = await run('reference', definition, inputs);
    expect(compiled.length).toBe(reference.length);
    const worst = Math.max(...Array.from(compiled, (v, i) => Math.abs(v - reference[i])));
    // Values reach +-3 after normalization.
    expect(worst).toBeLessThan(2e-5);
  });
});
