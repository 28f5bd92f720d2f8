/** What an ONNX model gets to see: a model that puts out its own input tells. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OnnxModel } from '../../../src/engine/onnx/model';
import { openRawEncoder } from '../../../src/runner/encoders/raw-encoder';
import { inspectEncoder } from '../../../src/runner/jobs/inspect-encoder';
import {
  NORMALIZATIONS,
  normalizationNames,
  parseNormalization,
  type Normalization,
} from '../../../src/shared/explorer/normalization';
import { random } from '../../../src/shared/random';
import { recorded, temporaryFolder } from '../fixtures';

const SIDE = 8;
const COUNT = 3;
const VALUES = SIDE * SIDE * 3;

/** Its output is its input, an image a row. */
async function mirror(layout: 'NCHW' | 'NHWC', producer = 'stranger'): Promise<string> {
  const model = new OnnxModel('mirror');
  const shape = layout === 'NCHW' ? ['n', 3, SIDE, SIDE] : ['n', SIDE, SIDE, 3];
  model.input('x', { shape, dtype: 'float32' });
  model.node('Flatten', ['x'], ['seen'], { axis: 1 }, '', 'flatten');
  model.output('seen', { shape: ['n', VALUES], dtype: 'float32' });
  const bytes = Buffer.from(model.encode());
  bytes.write(producer, bytes.indexOf('selvedge'));
  const path = join(await temporaryFolder(), `${layout}.onnx`);
  await writeFile(path, bytes);
  return path;
}

const draw = random(5, 'views');
const pixels = Uint8Array.from({ length: COUNT * VALUES }, () => draw.integer(256));

/** By the definition, value by value. */
function expected(layout: 'NCHW' | 'NHWC', { mean, std }: Normalization): number[] {
  const seen: number[] = [];
  for (let image = 0; image < COUNT; image++)
    for (let i = 0; i < VALUES; i++) {
      const channel = layout === 'NCHW' ? Math.floor(i / (SIDE * SIDE)) : i % 3;
      const place = layout === 'NCHW' ? i % (SIDE * SIDE) : Math.floor(i / 3);
      const value = pixels[image * VALUES + place * 3 + channel] / 255;
      seen.push((value - mean[channel]) / std[channel]);
    }
  return seen;
}

async function open(path: string, normalization: Normalization) {
  return openRawEncoder({ kind: 'onnx', path, normalization }, 'embedding', { device: 'cpu', threads: 1 });
}

const normalizations: readonly (readonly [string, Normalization])[] = [
  ...normalizationNames.map((name) => [name, NORMALIZATIONS[name]] as const),
  ['of its own', parseNormalization('0.1,0.2,0.3/0.4,0.5,0.6')],
];

describe.each(['NCHW', 'NHWC'] as const)('a model that takes %s', (layout) => {
  it.each(normalizations)('gets pixels with the normalization %s', async (_name, normalization) => {
    const encoder = await open(await mirror(layout), normalization);
    const seen = await encoder.embed(pixels, COUNT);
    await encoder.dispose();
    const wanted = expected(layout, normalization);
    expect(seen).toHaveLength(wanted.length);
    const scale = Math.max(...wanted.map(Math.abs));
    for (const [i, value] of wanted.entries()) expect(Math.abs(seen[i] - value)).toBeLessThan(1e-6 * scale);
  });
});

describe('the space of a set', () => {
  it('is another one for each normalization', async () => {
    const path = await mirror('NCHW');
    const spaces: string[] = [];
    for (const [, normalization] of normalizations) {
      const encoder = await open(path, normalization);
      spaces.push(encoder.fingerprint);
      await encoder.dispose();
    }
    expect(new Set(spaces).size).toBe(normalizations.length);
  });

  it.each([
    ['imagenet', NORMALIZATIONS.imagenet],
    ['inside', NORMALIZATIONS.unit],
  ])('stays what it was when only %s could be had', async (name, normalization) => {
    const path = await mirror('NCHW');
    const encoder = await open(path, normalization);
    await encoder.dispose();
    const before = createHash('sha256')
      .update(JSON.stringify(['seen', name, SIDE]))
      .update(await readFile(path));
    expect(encoder.fingerprint).toBe(before.digest('hex').slice(0, 32));
  });
});

describe('looking into a model', () => {
  it.each([
    ['stranger', 'imagenet'],
    ['selvedge', 'inside'],
  ])('by %s: its normalization is %s', async (producer, normalization) => {
    const path = await mirror('NCHW', producer);
    const facts = await inspectEncoder({ kind: 'inspect-encoder', path }, recorded());
    expect(facts).toMatchObject({ normalization, warnings: [], imageSize: SIDE, featureSize: VALUES });
  });
});
