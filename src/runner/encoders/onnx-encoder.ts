/** An ONNX file from elsewhere as an encoder: its inputs and outputs checked, its vectors pooled where they need it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { openOnnxFile, type HostTensor, type OnnxFile, type OnnxPort } from '../../engine';
import { messageOf, UserError } from '../../shared/errors';
import type { EncoderSource } from '../../shared/explorer/encoder-source';
import { NORMALIZATIONS, sameNormalization, type Normalization } from '../../shared/explorer/normalization';
import { inferenceBatch } from '../embedder';
import { externalFiles } from './onnx-external';
import type { RawEncoder, RawEncoderOptions } from './raw-encoder';

/** Where a model leaves the image size open: what nearly all are evaluated at, px. */
const USUAL_SIDE = 224;
const SIDES = { least: 8, most: 512 } as const;

/** What is known of a model from its ports alone. */
export interface OnnxLayout {
  readonly input: string;
  /** [n, 3, h, w] or [n, h, w, 3]. */
  readonly channels: 'first' | 'last';
  readonly imageSize: number;
  /** 0 where it takes any number of images. */
  readonly batch: number;
  /** Outputs that an image's vector can be taken from. */
  readonly outputs: readonly OnnxPort[];
}

/** @throws UserError listing what the model has and what is expected. */
export function layoutOf(
  { inputs, outputs }: Pick<OnnxFile, 'inputs' | 'outputs'>,
  path: string,
): OnnxLayout {
  const has = `It has ${inputs.length === 1 ? 'the input' : 'the inputs'} ${inputs.map(told).join(', ')}.`;
  const refuse = (what: string): UserError =>
    new UserError(
      `${path} cannot be used as an encoder: ${what} ${has}`,
      'Export it with one float32 input, [n, 3, height, width] or [n, height, width, 3].',
      'usage',
    );
  if (inputs.length !== 1) throw refuse(`it must have exactly one input, the images.`);
  const [input] = inputs;
  if (input.type !== 'float32') throw refuse('its input must be float32.');
  if (input.shape.length !== 4) throw refuse('its input must have four dimensions.');
  const [batch, second, , fourth] = input.shape;
  const channels = second === 3 ? 'first' : fourth === 3 ? 'last' : null;
  if (!channels) throw refuse('its input must have 3 channels, in the second or in the last place.');
  const [height, width] = channels === 'first' ? input.shape.slice(2) : input.shape.slice(1, 3);
  const sides = [height, width].filter((side) => typeof side === 'number' && side > 0);
  if (sides.length === 2 && sides[0] !== sides[1]) throw refuse('its images must be squares.');
  const imageSize = Number(sides[0] ?? USUAL_SIDE);
  if (imageSize < SIDES.least || imageSize > SIDES.most)
    throw refuse(`its images must be ${SIDES.least} to ${SIDES.most} px wide.`);
  const usable = outputs.filter(
    ({ type, shape }) => type === 'float32' && [0, 2, 3, 4].includes(shape.length),
  );
  if (usable.length === 0)
    throw new UserError(
      `${path} cannot be used as an encoder: it has no output with a vector an image, only ${outputs.map(told).join(', ')}.`,
      'Export it with a float32 output [n, d], [n, tokens, d] or [n, channels, h, w].',
      'usage',
    );
  return { input: input.name, channels, imageSize, batch: positive(batch), outputs: usable };
}

const positive = (size: number | string): number => (typeof size === 'number' && size > 0 ? size : 0);
const told = ({ name, type, shape }: OnnxPort): string => `"${name}" ${type}[${shape.join(', ')}]`;

/** "embedding" is the output of that name, else the first; others by their own names. @throws UserError. */
export function outputOf({ outputs }: OnnxLayout, feature: string, path: string): OnnxPort {
  const named = outputs.find(({ name }) => name === feature);
  if (named) return named;
  if (feature === 'embedding') return outputs[0];
  throw new UserError(
    `${basename(path)} has no output "${feature}"`,
    `Outputs: ${outputs.map(told).join(', ')}.`,
    'usage',
  );
}

/** Names that `outputOf` takes. */
export const onnxFeatures = ({ outputs }: OnnxLayout): string[] => [
  ...new Set(['embedding', ...outputs.map(({ name }) => name)]),
];

/** @throws UserError where onnxruntime refuses the file, or its weights are said to be elsewhere than beside it. */
export async function openModel(path: string, threads: number): Promise<OnnxFile> {
  try {
    externalFiles(path);
    return await openOnnxFile(path, threads);
  } catch (error) {
    throw new UserError(
      `${path} cannot be opened as ONNX: ${messageOf(error)}`,
      'Is the file whole, and are the files of its weights beside it?',
    );
  }
}

/** @throws UserError where the file cannot be read or does not fit. */
export async function openOnnxEncoder(
  { path, normalization }: Extract<EncoderSource, { kind: 'onnx' }>,
  feature: string,
  { threads, batchSize: asked }: RawEncoderOptions,
): Promise<RawEncoder> {
  const model = await openModel(path, threads);
  try {
    const layout = layoutOf(model, path);
    const output = outputOf(layout, feature, path);
    const { imageSize } = layout;
    const batchSize = layout.batch || (asked ?? inferenceBatch(imageSize));
    const run = (pixels: Uint8Array, count: number) =>
      model
        .run(layout.input, toInput(pixels, count, layout, normalization), [output.name])
        .catch((error: unknown) => {
          throw new UserError(`${path} fails on images of ${imageSize} px: ${messageOf(error)}`);
        });
    // What comes out of a black image tells the size where the file leaves it open.
    const tried = vectorsOf(
      (await run(new Uint8Array(batchSize * imageSize ** 2 * 3), batchSize))[output.name],
      {
        count: batchSize,
        path,
      },
    );
    const size = tried.length / batchSize;
    const bytes = imageSize * imageSize * 3;
    return {
      imageSize,
      size,
      fingerprint: await fingerprint(path, [output.name, identityOf(normalization), imageSize]),
      batchSize,
      architecture: basename(path),
      notes: [],
      async embed(pixels, count) {
        const rows = new Float32Array(count * size);
        for (let start = 0; start < count; start += batchSize) {
          const some = Math.min(batchSize, count - start);
          // A model of a fixed batch gets that many, the last ones black.
          const given = layout.batch || some;
          const part = new Uint8Array(given * bytes);
          part.set(pixels.subarray(start * bytes, (start + some) * bytes));
          const found = vectorsOf((await run(part, given))[output.name], { count: given, path });
          rows.set(found.subarray(0, some * size), start * size);
        }
        return rows;
      },
      dispose: () => model.dispose(),
    };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

function toInput(
  pixels: Uint8Array,
  count: number,
  { channels, imageSize }: OnnxLayout,
  { mean, std }: Normalization,
): HostTensor {
  const scale = std.map((deviation) => 1 / (255 * deviation));
  const offset = mean.map((value, channel) => value / std[channel]);
  const data = new Float32Array(count * imageSize * imageSize * 3);
  const area = imageSize * imageSize;
  if (channels === 'last')
    for (let i = 0; i < data.length; i++) data[i] = pixels[i] * scale[i % 3] - offset[i % 3];
  else
    for (let image = 0, from = 0; image < count; image++)
      for (let place = 0; place < area; place++)
        for (let channel = 0; channel < 3; channel++)
          data[(image * 3 + channel) * area + place] = pixels[from++] * scale[channel] - offset[channel];
  const shape = channels === 'last' ? [imageSize, imageSize, 3] : [3, imageSize, imageSize];
  return { dtype: 'float32', shape: [count, ...shape], data };
}

/**
 * One vector an image: rows as they are, the first token (the class token) of [n, tokens, d], the mean over positions
 * of [n, channels, h, w].
 * @throws UserError where the output has another shape.
 */
export function vectorsOf(
  { shape, data }: HostTensor,
  { count, path }: { count: number; path: string },
): Float32Array {
  const values = data as Float32Array;
  if (shape[0] === count && shape.length === 2) return values;
  if (shape[0] === count && shape.length === 3) {
    const [, tokens, d] = shape;
    const rows = new Float32Array(count * d);
    for (let n = 0; n < count; n++) rows.set(values.subarray(n * tokens * d, n * tokens * d + d), n * d);
    return rows;
  }
  if (shape[0] === count && shape.length === 4) {
    const area = shape[2] * shape[3];
    return Float32Array.from({ length: count * shape[1] }, (_, i) => {
      let sum = 0;
      for (let place = i * area; place < (i + 1) * area; place++) sum += values[place];
      return sum / area;
    });
  }
  throw new UserError(
    `${path} gave [${shape.join(', ')}] for ${count} images.`,
    'It must give [n, d], [n, tokens, d] or [n, channels, h, w]: one vector an image.',
    'usage',
  );
}

/** As it stands in a set's space: the first two had names before numbers could be chosen, and sets of them stay. */
function identityOf(normalization: Normalization): unknown {
  if (sameNormalization(normalization, NORMALIZATIONS.unit)) return 'inside';
  return sameNormalization(normalization, NORMALIZATIONS.imagenet) ? 'imagenet' : normalization;
}

/** Of the model and of the files that hold its weights. */
async function fingerprint(path: string, settings: unknown): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const file of [path, ...externalFiles(path)])
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex').slice(0, 32);
}
