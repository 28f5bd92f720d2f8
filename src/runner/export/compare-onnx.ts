/** Runs an exported ONNX file on random images and compares it with the encoder it came from. */
import { runOnnx, type Device, type HostTensors } from '../../engine';
import { createEmbeddingStep, type Encoder, type Normalization } from '../../learning';
import { random } from '../../shared/random';

/** Largest difference that is rounding, as a share of the largest embedding value. */
const TOLERANCE = 1e-5;
/** Two sizes, so that a file with a fixed batch is found out. */
const BATCHES = [1, 3];

export interface Original {
  readonly device: Device;
  readonly encoder: Encoder;
  readonly state: HostTensors;
  readonly normalization: Normalization;
}

/**
 * @returns the largest difference, as a share of the largest embedding value.
 * @throws Error where it is more than rounding: the file is then wrong.
 */
export async function compareOnnx(onnx: Uint8Array, original: Original): Promise<number> {
  let worst = 0;
  for (const batch of BATCHES) {
    const pixels = randomPixels(batch, original.encoder.imageSize);
    const expected = await embed(original, batch, pixels);
    const actual = (await runOnnx(onnx, { images: channelsFirst(pixels, batch, original.encoder.imageSize) }))
      .embedding;
    if (actual.data.length !== expected.length)
      throw new Error(
        `The exported file gives ${actual.data.length} numbers, the encoder ${expected.length}`,
      );
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
    for (const [i, value] of expected.entries())
      worst = Math.max(worst, Math.abs(value - actual.data[i]) / largest);
  }
  if (!(worst <= TOLERANCE))
    throw new Error(
      `The exported file differs from the encoder by ${worst.toExponential(1)}: it was not written`,
    );
  return worst;
}

async function embed(original: Original, batch: number, pixels: Float32Array): Promise<Float32Array> {
  const { device, encoder, state, normalization } = original;
  const step = await device.prepare(createEmbeddingStep(encoder, batch, normalization), state);
  try {
    const shape = [batch, encoder.imageSize, encoder.imageSize, 3];
    const { embedding } = await step.run({ images: { dtype: 'float32', shape, data: pixels } });
    return embedding.data as Float32Array;
  } finally {
    await step.dispose();
  }
}

/** [batch, side, side, 3], whole numbers in 0..255. */
function randomPixels(batch: number, side: number): Float32Array {
  const draw = random(0, 'views');
  return Float32Array.from({ length: batch * side * side * 3 }, () => draw.integer(256));
}

/** [batch, 3, side, side] in 0..1, as the exported file wants its images. */
function channelsFirst(pixels: Float32Array, batch: number, side: number) {
  const area = side * side;
  const data = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const [image, place, channel] = [Math.floor(i / (3 * area)), Math.floor(i / 3) % area, i % 3];
    data[(image * 3 + channel) * area + place] = pixels[i] / 255;
  }
  return { dtype: 'float32' as const, shape: [batch, 3, side, side], data };
}
