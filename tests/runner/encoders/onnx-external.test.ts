import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Message } from '../../../src/engine/onnx/protobuf';
import { externalFiles } from '../../../src/runner/encoders/onnx-external';
import { openRawEncoder } from '../../../src/runner/encoders/raw-encoder';
import { inspectEncoder } from '../../../src/runner/jobs/inspect-encoder';
import { NORMALIZATIONS } from '../../../src/shared/explorer/normalization';
import { recorded, temporaryFolder } from '../fixtures';

const SIDE = 8;
const INPUTS = 3 * SIDE * SIDE;
const SIZE = 4;

const entry = (key: string, value: string) => new Message().string(1, key).string(2, value);

function port(name: string, shape: readonly (string | number)[]): Message {
  const dimensions = new Message();
  for (const size of shape) {
    const dimension = new Message();
    dimensions.message(1, typeof size === 'number' ? dimension.int(1, size) : dimension.string(2, size));
  }
  const type = new Message().message(1, new Message().int(1, 1).message(2, dimensions));
  return new Message().string(1, name).message(2, type);
}

/** Flattened images times a matrix that lies in another file. */
function model(location: string): Uint8Array {
  const weights = new Message()
    .int(1, INPUTS)
    .int(1, SIZE)
    .int(2, 1)
    .string(8, 'weights')
    .message(13, entry('location', location))
    .message(13, entry('offset', '0'))
    .message(13, entry('length', String(INPUTS * SIZE * 4)))
    .int(14, 1);
  const flatten = new Message().string(1, 'images').string(2, 'flat').string(4, 'Flatten');
  const product = new Message().string(1, 'flat').string(1, 'weights').string(2, 'rows').string(4, 'MatMul');
  const graph = new Message()
    .message(1, flatten)
    .message(1, product)
    .string(2, 'graph')
    .message(5, weights)
    .message(11, port('images', ['n', 3, SIDE, SIDE]))
    .message(12, port('rows', ['n', SIZE]));
  return new Message().int(1, 9).message(7, graph).message(8, new Message().int(2, 20)).encode();
}

const weights = (first: number) =>
  new Uint8Array(Float32Array.from({ length: INPUTS * SIZE }, (_, i) => (i === 0 ? first : 0.1)).buffer);

async function written(location = 'model.onnx.data') {
  const folder = join(await temporaryFolder(), 'encoder');
  await mkdir(folder);
  const path = join(folder, 'model.onnx');
  await writeFile(path, model(location));
  await writeFile(join(folder, 'model.onnx.data'), weights(1));
  return { folder, path };
}

const inspect = (path: string) => inspectEncoder({ kind: 'inspect-encoder', path }, recorded());

describe('weights beside an ONNX model', () => {
  it('are found, and told with the model', async () => {
    const { folder, path } = await written();
    expect(externalFiles(path)).toEqual([join(folder, 'model.onnx.data')]);
    expect(await inspect(path)).toMatchObject({
      featureSize: SIZE,
      files: [{ name: 'model.onnx.data', bytes: INPUTS * SIZE * 4 }],
    });
  });

  it('are part of the space: others make another one', async () => {
    const { folder, path } = await written();
    const fingerprint = async () => {
      const source = { kind: 'onnx', path, normalization: NORMALIZATIONS.unit } as const;
      const encoder = await openRawEncoder(source, 'embedding', { device: 'cpu', threads: 1 });
      await encoder.dispose();
      return encoder.fingerprint;
    };
    const before = await fingerprint();
    await writeFile(join(folder, 'model.onnx.data'), weights(2));
    expect(await fingerprint()).not.toBe(before);
    await writeFile(join(folder, 'model.onnx.data'), weights(1));
    expect(await fingerprint()).toBe(before);
  });

  it.each(['../secret', '/etc/passwd', 'a/../../secret', '.'])('are refused at %s', async (location) => {
    const { path } = await written(location);
    await expect(inspect(path)).rejects.toThrow(`said to be in "${location}", which is not beside it`);
  });

  it('are not looked for in a file that is cut off', async () => {
    const { path } = await written();
    await writeFile(path, model('model.onnx.data').subarray(0, 100));
    expect(() => externalFiles(path)).toThrow('cut off');
  });
});
