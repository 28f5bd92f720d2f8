import { describe, expect, it } from 'vitest';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OnnxPort } from '../../../src/engine';
import { layoutOf, onnxFeatures, outputOf, vectorsOf } from '../../../src/runner/encoders/onnx-encoder';
import { inspectEncoder } from '../../../src/runner/jobs/inspect-encoder';
import { recorded, temporaryFolder } from '../fixtures';

const port = (name: string, shape: OnnxPort['shape'], type = 'float32'): OnnxPort => ({ name, type, shape });
const images = port('images', ['n', 3, 64, 64]);
const rows = port('features', ['n', 512]);

describe('what a model takes', () => {
  it.each([
    ['channels first', images, { channels: 'first', imageSize: 64, batch: 0 }],
    ['channels last', port('x', [1, 96, 96, 3]), { channels: 'last', imageSize: 96, batch: 1 }],
    ['any size', port('x', ['n', 3, 'h', 'w']), { channels: 'first', imageSize: 224 }],
  ])('%s', (_what, input, expected) => {
    expect(layoutOf({ inputs: [input], outputs: [rows] }, 'm.onnx')).toMatchObject(expected);
  });

  it.each([
    [
      'two inputs',
      [images, port('mask', [1])],
      /exactly one input.*"images" float32\[n, 3, 64, 64\], "mask"/,
    ],
    ['another type', [port('x', ['n', 3, 64, 64], 'uint8')], /must be float32.*"x" uint8/],
    ['another rank', [port('x', ['n', 512])], /four dimensions/],
    ['one channel', [port('x', ['n', 1, 28, 28])], /3 channels/],
    ['no square', [port('x', ['n', 3, 32, 64])], /must be squares/],
    ['huge images', [port('x', ['n', 3, 1024, 1024])], /8 to 512 px/],
  ])('refuses %s, saying what it has', (_what, inputs, message) => {
    expect(() => layoutOf({ inputs, outputs: [rows] }, 'm.onnx')).toThrow(message);
  });
});

describe('what a model gives', () => {
  const layout = layoutOf(
    { inputs: [images], outputs: [rows, port('tokens', ['n', 17, 8]), port('ids', ['n'], 'int64')] },
    'm',
  );

  it('is chosen by name; "embedding" is the first that can be used', () => {
    expect(onnxFeatures(layout)).toEqual(['embedding', 'features', 'tokens']);
    expect(outputOf(layout, 'embedding', 'm').name).toBe('features');
    expect(outputOf(layout, 'tokens', 'm').name).toBe('tokens');
    expect(() => outputOf(layout, 'ids', 'm')).toThrow(/no output "ids"/);
  });

  it('is refused where no output has a vector an image', () => {
    const outputs = [port('ids', ['n'], 'int64')];
    expect(() => layoutOf({ inputs: [images], outputs }, 'm')).toThrow(/only "ids" int64\[n\]/);
  });

  const tensor = (shape: number[]) => ({
    dtype: 'float32' as const,
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
  });
  it.each([
    ['rows', [2, 3], [0, 1, 2, 3, 4, 5]],
    ['the class token', [2, 2, 2], [0, 1, 4, 5]],
    ['the mean over positions', [2, 1, 2, 2], [1.5, 5.5]],
  ])('becomes one vector an image: %s', (_what, shape, expected) => {
    expect([...vectorsOf(tensor(shape), { count: 2, path: 'm' })]).toEqual(expected);
  });

  it('is refused in another shape', () => {
    expect(() => vectorsOf(tensor([3, 2]), { count: 2, path: 'm.onnx' })).toThrow(
      /gave \[3, 2\] for 2 images/,
    );
  });
});

describe('looking into a file', () => {
  it.each([
    ['weights.pth', /no encoder that can be imported/],
    ['model.onnx', /cannot be opened as ONNX/],
    ['weights.safetensors', /not a safetensors file|too few/],
  ])('refuses %s that is none', async (name, message) => {
    const path = join(await temporaryFolder(), name);
    await writeFile(path, 'no model, though it is long enough to be one');
    await expect(inspectEncoder({ kind: 'inspect-encoder', path }, recorded())).rejects.toThrow(message);
  });
});
