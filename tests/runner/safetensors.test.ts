import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeTemporaries, writeAtomically } from '../../src/runner/atomic-write';
import { decodeHeader, encodeSafetensors, type SafeTensors } from '../../src/runner/safetensors';
import { readTensorFile, readTensorHeader, writeTensorFile } from '../../src/runner/tensor-file';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selvedge-'));
});
afterEach(() => rm(folder, { recursive: true }));

const tensors: SafeTensors = {
  flag: { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) },
  'conv1.weight': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, NaN, Infinity, 1e-40) },
  count: { dtype: 'I64', shape: [], data: BigInt64Array.of(12345678901234n) },
  labels: { dtype: 'I32', shape: [2], data: Int32Array.of(-1, 7) },
  empty: { dtype: 'F32', shape: [0, 4], data: new Float32Array() },
};

/** A file with any header and this many bytes after it. */
async function forged(header: unknown, dataBytes: number): Promise<string> {
  const path = join(folder, 'forged.safetensors');
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  await writeFile(path, Buffer.concat([length, json, Buffer.alloc(dataBytes)]));
  return path;
}
const f32 = (shape: number[], start: number, end: number) => ({
  dtype: 'F32',
  shape,
  data_offsets: [start, end],
});

describe('safetensors', () => {
  it('gives back every dtype, shape and the metadata', async () => {
    const path = join(folder, 'a.safetensors');
    const bytes = await writeTensorFile(path, tensors, { step: '7' });
    const file = await readTensorFile(path);
    expect(file.metadata).toEqual({ step: '7' });
    expect(file.tensors).toEqual(tensors);
    expect((await readTensorHeader(path)).bytes).toBe(bytes);
  });

  it('aligns its header and every tensor, and writes equal content as equal bytes', () => {
    const [header, ...data] = encodeSafetensors(tensors);
    expect(header.byteLength % 8).toBe(0);
    const length = data.reduce((sum, { byteLength }) => sum + byteLength, 0);
    for (const { start, dtype } of decodeHeader(header.subarray(8), length).tensors)
      expect(start % { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, U8: 1, BOOL: 1 }[dtype]).toBe(0);
    const reversed = Object.fromEntries(Object.entries(tensors).reverse());
    expect(Buffer.concat(encodeSafetensors(reversed))).toEqual(Buffer.concat(encodeSafetensors(tensors)));
  });

  it('reads only the tensors it is asked for', async () => {
    const path = join(folder, 'a.safetensors');
    await writeTensorFile(path, tensors);
    expect(Object.keys((await readTensorFile(path, (name) => name === 'labels')).tensors)).toEqual([
      'labels',
    ]);
  });

  it('widens half floats and doubles, which others write', async () => {
    const path = await forged(
      {
        h: { dtype: 'F16', shape: [2], data_offsets: [8, 12] },
        b: { dtype: 'BF16', shape: [1], data_offsets: [12, 14] },
        d: { dtype: 'F64', shape: [1], data_offsets: [0, 8] },
      },
      14,
    );
    const bytes = await readFile(path);
    const at = bytes.length - 14;
    bytes.writeDoubleLE(0.1, at);
    bytes.writeUInt16LE(0xc100, at + 8); // -2.5
    bytes.writeUInt16LE(0x0001, at + 10); // the smallest subnormal
    bytes.writeUInt16LE(0x3fc0, at + 12); // 1.5
    await writeFile(path, bytes);
    const read = (await readTensorFile(path)).tensors;
    expect([...read.h.data]).toEqual([-2.5, 2 ** -24]);
    expect([...read.b.data]).toEqual([1.5]);
    expect([...read.d.data]).toEqual([Math.fround(0.1)]);
  });

  it.each([
    ['overlapping tensors', { a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8, 'tensor "b" overlaps'],
    ['a gap', { a: f32([1], 4, 8) }, 8, '4 bytes before tensor "a" belong to none'],
    ['a size against its shape', { a: f32([3], 0, 8) }, 8, '"a" is F32[3] but takes 8 bytes'],
    ['bytes left over', { a: f32([1], 0, 4) }, 8, '4 bytes at its end belong to no tensor'],
    ['a tensor past the end', { a: f32([4], 0, 16) }, 8, 'it is truncated'],
    [
      'an unknown dtype',
      { a: { dtype: 'F4', shape: [1], data_offsets: [0, 4] } },
      4,
      'has dtype F4; known are',
    ],
    ['a negative offset', { a: f32([1], -4, 0) }, 0, 'header is malformed at a.data_offsets.0'],
    ['a shape that is no list', { a: { ...f32([1], 0, 4), shape: 1 } }, 4, 'header is malformed at a.shape'],
    ['a header that is no JSON', '{"a": ', 0, 'header is not JSON'],
    ['a header that is a list', '[1]', 0, 'header is malformed'],
  ])('refuses %s', async (_, header, dataBytes, message) => {
    const path = await forged(header, dataBytes);
    const reading = readTensorFile(path);
    await expect(reading).rejects.toMatchObject({ name: 'UserError' });
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(path);
  });

  it('refuses a file cut anywhere', async () => {
    const path = join(folder, 'a.safetensors');
    const size = await writeTensorFile(path, tensors);
    for (let length = size - 1; length >= 0; length -= 13) {
      await truncate(path, length);
      await expect(readTensorFile(path)).rejects.toMatchObject({ name: 'UserError' });
    }
  });

  it('refuses files of other formats, a missing file and a folder', async () => {
    const path = join(folder, 'weights.pth');
    await writeFile(path, Buffer.from('PK\u0003\u0004 a PyTorch archive, which is a zip file'));
    await expect(readTensorFile(path)).rejects.toThrow('it is not a safetensors file');
    await expect(readTensorFile(join(folder, 'none'))).rejects.toThrow('There is no file');
    await expect(readTensorFile(folder)).rejects.toThrow('Could not read');
  });
});

describe('writeAtomically', () => {
  const text = (value: string) => [Buffer.from(value)];
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

  it('keeps the former content when the disk fills up, and removes what it began', async () => {
    const path = join(folder, 'a');
    await writeAtomically(path, text('former'));
    let chunks = 0;
    const failing = writeAtomically(path, [Buffer.from('ne'), Buffer.from('w')], async (file, chunk) => {
      if (++chunks === 2) throw full;
      await file.write(chunk);
    });
    await expect(failing).rejects.toThrow(`Could not write ${path}: the disk is full`);
    expect(await readFile(path, 'utf8')).toBe('former');
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('keeps the former content when the source of the chunks fails', async () => {
    const path = join(folder, 'a');
    await writeAtomically(path, text('former'));
    const source = function* () {
      yield Buffer.from('new');
      throw new Error('stopped');
    };
    await expect(writeAtomically(path, source())).rejects.toThrow('stopped');
    expect(await readFile(path, 'utf8')).toBe('former');
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('names a folder that is not there', async () => {
    const path = join(folder, 'none', 'a');
    await expect(writeAtomically(path, text('x'))).rejects.toThrow('its folder does not exist');
  });

  it('lets go of what killed writers left, and of nothing else', async () => {
    for (const name of ['.a.safetensors.0123abcd.tmp', 'a.safetensors', '.hidden', 'b.tmp'])
      await writeFile(join(folder, name), '');
    await removeTemporaries(folder);
    expect((await readdir(folder)).sort()).toEqual(['.hidden', 'a.safetensors', 'b.tmp']);
  });
});
