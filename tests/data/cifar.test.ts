/** CIFAR-10 as its authors pack it, binary and pickled, and pickles that must not be obeyed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ByteArray, readPickle } from '../../src/data/pickle';
import { colorOf, openTest, tarGz, temporaryFolder, writeFiles, type Color, type Files } from './fixtures';

/** [3, 32, 32] planes of one colour. */
function planes([r, g, b]: Color): Buffer {
  return Buffer.concat([r, g, b].map((value) => Buffer.alloc(1024, value)));
}

const TRAIN: { label: number; color: Color }[] = [
  { label: 3, color: [10, 20, 30] },
  { label: 9, color: [40, 50, 60] },
  { label: 3, color: [70, 80, 90] },
];
const TEST: typeof TRAIN = [{ label: 0, color: [100, 110, 120] }];

function binary(batch: typeof TRAIN): Buffer {
  return Buffer.concat(batch.flatMap(({ label, color }) => [Buffer.from([label]), planes(color)]));
}

/** What Python 2's cPickle wrote for CIFAR-10 (protocol 2): {'labels': [...], 'data': ndarray}. */
function pickle2(batch: typeof TRAIN): Buffer {
  const data = Buffer.concat(batch.map(({ color }) => planes(color)));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  const latin1 = (text: string) => Buffer.from(text, 'latin1');
  return Buffer.concat([
    latin1('\x80\x02}q\x01(U\x06labelsq\x02]q\x03('),
    ...batch.map(({ label }) => Buffer.from([0x4b, label])),
    latin1(
      'eU\x04dataq\x04cnumpy.core.multiarray\n_reconstruct\nq\x05cnumpy\nndarray\nq\x06K\x00\x85U\x01b\x87Rq\x07',
    ),
    latin1(
      `(K\x01K${String.fromCharCode(batch.length)}M\x00\x0c\x86cnumpy\ndtype\nq\x08U\x02u1K\x00K\x01\x87Rq\x09`,
    ),
    latin1('(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T'),
    size,
    data,
    latin1('tbu.'),
  ]);
}

function files(extension: string, make: (batch: typeof TRAIN) => Buffer): Files {
  const name = `cifar-10-batches/`;
  return {
    [`${name}data_batch_2${extension}`]: make(TRAIN.slice(1)),
    [`${name}data_batch_1${extension}`]: make(TRAIN.slice(0, 1)),
    [`${name}test_batch${extension}`]: make(TEST),
    [`${name}readme.html`]: 'CIFAR-10',
  };
}

describe.each([
  ['binary', files('.bin', binary)],
  ['Python', files('', pickle2)],
])('CIFAR-10, %s version', (_, content) => {
  it.each(['folder', 'tar.gz'])('is read from a %s', async (kind) => {
    const root = temporaryFolder();
    const path = kind === 'folder' ? writeFiles(root, content) : join(root, 'cifar.tar.gz');
    if (kind === 'tar.gz') writeFileSync(path, await tarGz(content));
    const dataset = await openTest(path, { imageSize: 32 });
    expect([...(dataset.labels ?? [])]).toEqual([3, 9, 3, 0]);
    expect([...dataset.evaluation]).toEqual([3]);
    expect(dataset.classes?.[9]).toBe('truck');
    expect([0, 1, 2, 3].map((i) => colorOf(dataset, i))).toEqual(
      [...TRAIN, ...TEST].map(({ color }) => color),
    );
    expect(dataset.names[1]).toBe(
      `cifar-10-batches/data_batch_2${content['cifar-10-batches/test_batch.bin'] ? '.bin' : ''}/00000`,
    );
  });

  it('is resized where another size is asked for', async () => {
    const dataset = await openTest(writeFiles(temporaryFolder(), content), { imageSize: 16 });
    expect(colorOf(dataset, 2)).toEqual([70, 80, 90]);
  });
});

describe('malformed batches', () => {
  const open = (batch: Files) => openTest(writeFiles(temporaryFolder(), batch));

  it('are refused by name', async () => {
    await expect(open({ 'data_batch_1.bin': binary(TRAIN).subarray(1) })).rejects.toThrow(
      'not a multiple of 3073',
    );
    await expect(open({ 'data_batch_1.bin': binary([{ label: 12, color: [0, 0, 0] }]) })).rejects.toThrow(
      'image 0 has the label 12; expected 0 to 9',
    );
    await expect(open({ data_batch_1: pickle2(TRAIN).subarray(0, 400) })).rejects.toThrow(
      'the pickle is cut short',
    );
    await expect(open({ data_batch_1: Buffer.from('\x80\x02}.', 'latin1') })).rejects.toThrow(
      'no "data" array',
    );
    await expect(open({ data_batch_1: 'hello' })).rejects.toThrow('data_batch_1 in');
  });

  it('inside of a zip file: says to unpack it', async () => {
    const path = join(temporaryFolder(), 'cifar.zip');
    writeFileSync(path, zipSync({ 'data_batch_1.bin': new Uint8Array(binary(TRAIN)) }));
    await expect(openTest(path)).rejects.toThrow('inside of a zip file');
  });
});

describe('readPickle', () => {
  const read = (text: string) => readPickle(Buffer.from(text, 'latin1'));

  it('runs no code', () => {
    expect(() => read("cos\nsystem\n(S'echo hello'\ntR.")).toThrow('wants to call os.system');
    expect(() => read('\x80\x04\x8c\x08builtins\x8c\x04eval\x93.')).toThrow('wants to call builtins.eval');
    expect(() => read('cnumpy\nload\n.')).toThrow('wants to call numpy.load');
    expect(() => read('U\x01aU\x01b\x85R.')).toThrow('calls something that is not a NumPy array');
    expect(() => read('}U\x01ab.')).toThrow('not of numbers in C order');
    expect(() => read('i__main__\nA\n.')).toThrow('instruction 0x69 at byte 0');
  });

  it('reads plain values', () => {
    expect(read('\x80\x02]q\x00(K\x01M\x02\x01J\xff\xff\xff\xff\x8a\x02\x00\x01N\x88\x89e.')).toEqual([
      1,
      258,
      -1,
      256,
      null,
      true,
      false,
    ]);
    expect(read('\x80\x04}\x94\x8c\x01aC\x02xys.')).toEqual(new Map([['a', Buffer.from('xy')]]));
  });

  it('ends on malformed input of any kind', () => {
    for (const text of [
      '',
      '.',
      'e.',
      't.',
      'h\x05.',
      'T\xff\xff\xff\xff',
      '\x8e\xff\xff\xff\xff\xff\xff\xff\xff',
      '(s.',
    ]) {
      expect(() => read(text), JSON.stringify(text)).toThrow();
    }
    expect(new ByteArray().bytes.length).toBe(0);
  });
});
