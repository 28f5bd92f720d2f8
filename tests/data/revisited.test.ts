/** Ground truth pickles, as Python with NumPy writes them: tests/golden/retrieval/make_revisited.py. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRevisited } from '../../src/data/revisited';

const fixture = (name: string) => readFileSync(new URL(`../golden/retrieval/${name}`, import.meta.url));

test.each(['gnd_small_p2.pkl', 'gnd_small_p4.pkl', 'gnd_scalars.pkl'])('%s becomes names', (name) => {
  expect(readRevisited(fixture(name), name)).toEqual({
    format: 'selvedge-ground-truth',
    version: 1,
    kind: 'revisited',
    source: name,
    images: [
      'all_souls_000000',
      'all_souls_000001',
      'bodleian_000000',
      'christ.church_000003',
      'radcliffe_000009',
    ],
    queries: [
      {
        image: 'all_souls_000013',
        box: [136.5, 34.1, 648.5, 955.7],
        easy: ['all_souls_000000'],
        hard: ['all_souls_000001'],
        junk: ['christ.church_000003'],
      },
      {
        image: 'bodleian_000107',
        box: [1, 2, 30, 40],
        easy: [],
        hard: ['bodleian_000000', 'radcliffe_000009'],
        junk: ['all_souls_000001'],
      },
    ],
  });
});

test('other files are refused by name', () => {
  const read = (bytes: Buffer) => () => readRevisited(bytes, 'gnd.pkl');
  expect(read(Buffer.from('not a pickle'))).toThrow('gnd.pkl is no ground truth');
  expect(read(fixture('gnd_small_p4.pkl').subarray(0, 200))).toThrow('cut short');
  // An empty dict.
  expect(read(Buffer.from('\x80\x02}.', 'latin1'))).toThrow('imlist is missing');
  // os.system would be called by Python.
  expect(read(Buffer.from('cos\nsystem\n.', 'latin1'))).toThrow('os.system');
});
