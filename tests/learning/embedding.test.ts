import { describe, expect, it } from 'vitest';
import { prepareEager, type HostTensors, type StepDefinition } from '../../src/engine';
import {
  createEmbeddingStep,
  createEncoderExport,
  createPredictionStep,
  embeddingState,
  type Normalization,
} from '../../src/learning/embedding';
import { encoderOf } from '../../src/learning/training';
import { expectClose } from './close';
import { host } from './host';
import { smallBatch, smallConfig, smallEncoder, smallStep } from './training/small-run';

const normalization: Normalization = { mean: [0.5, 0.25, 0], std: [0.5, 1, 2] };
const encoder = smallEncoder();
const training = smallStep(smallConfig());
const state = training.initialState();
const { images } = smallBatch(2);

async function run(definition: StepDefinition, state: HostTensors, images: HostTensors[string]) {
  const step = await prepareEager('cpu', definition, state);
  const outputs = await step.run({ images });
  await step.dispose();
  return outputs;
}

/** The small encoder by hand: normalize, then one linear layer. */
function embeddingsByHand(): number[][] {
  const weight = state['encoder/fc.weight'].data;
  const bias = state['encoder/fc.bias'].data;
  return [0, 1].map((image) => {
    const pixels = Array.from(images.subarray(image * 192, (image + 1) * 192), (value, i) => {
      return (value / 255 - normalization.mean[i % 3]) / normalization.std[i % 3];
    });
    return Array.from(bias, (b, row) =>
      pixels.reduce((sum, pixel, i) => sum + pixel * weight[row * 192 + i], b),
    );
  });
}

describe('createEmbeddingStep', () => {
  it('normalizes and encodes', async () => {
    const definition = createEmbeddingStep(encoder, 2, normalization);
    const outputs = await run(definition, embeddingState(encoderOf(state)), host([2, 8, 8, 3], images));
    expect(outputs.embedding.shape).toEqual([2, 6]);
    expectClose(outputs.embedding.data, embeddingsByHand().flat());
  });
});

describe('createEncoderExport', () => {
  it('takes planes in 0..1', async () => {
    const planes = Array.from({ length: 2 * 192 }, (_, i) => {
      const [image, channel, pixel] = [Math.floor(i / 192), Math.floor((i % 192) / 64), i % 64];
      return images[image * 192 + pixel * 3 + channel] / 255;
    });
    const definition = createEncoderExport(encoder, 2, normalization);
    const outputs = await run(definition, embeddingState(encoderOf(state)), host([2, 3, 8, 8], planes));
    expectClose(outputs.embedding.data, embeddingsByHand().flat());
  });
});

describe('createPredictionStep', () => {
  it('gives the scores of the classes', async () => {
    const definition = createPredictionStep(training.model, 8, 2, normalization);
    const parts = Object.fromEntries(Object.keys(definition.state).map((name) => [name, state[name]]));
    const { logits } = await run(definition, parts, host([2, 8, 8, 3], images));
    const weight = state['head/weight'].data;
    const expected = embeddingsByHand().flatMap((embedding) =>
      Array.from(state['head/bias'].data, (b, row) =>
        embedding.reduce((sum, value, i) => sum + value * weight[row * 6 + i], b),
      ),
    );
    expect(logits.shape).toEqual([2, 3]);
    expectClose(logits.data, expected);
  });
});
