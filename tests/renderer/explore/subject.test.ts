/** src/renderer/pages/explore/subject.ts */
import { expect, test } from 'vitest';
import {
  isSame,
  parseRef,
  pictureOf,
  refText,
  subjectOfRef,
} from '../../../src/renderer/pages/explore/subject';
import { imageRefSchema, type ImageRef } from '../../../src/shared/explorer/search';

const refs: ImageRef[] = [
  { kind: 'query', id: 'q_1-a' },
  { kind: 'row', set: 'set-1', row: 12 },
  { kind: 'dataset', dataset: 'sample', index: 0 },
  { kind: 'row', set: 'set-1', row: 12, name: 'c:at/1.png' },
];

test.each(refs)('$kind is written and read back', (ref) => {
  expect(parseRef(refText(ref))).toEqual(ref);
  expect(imageRefSchema.parse(ref)).toEqual(ref);
});

test.each([
  '',
  'query',
  'query:',
  'query:a:1',
  'row:a',
  'row:a:-1',
  'row:a:x',
  'row:../b:1',
  'other:a:1',
  'dataset:a:1:b',
])('%j names no image', (text) => expect(parseRef(text)).toBeNull());

test('each kind has its picture', () => {
  expect(refs.map((ref) => pictureOf(ref, 512))).toEqual([
    '/pictures/queries/q_1-a?size=512',
    '/pictures/sets/set-1/12?size=512',
    '/pictures/datasets/sample/0?size=256',
    '/pictures/sets/set-1/12?size=512&name=c%3Aat%2F1.png',
  ]);
});

test('the picture of a row is another one once its set has changed', () => {
  const [dropped, row] = refs;
  expect(pictureOf(row, 64, 2000)).toBe('/pictures/sets/set-1/12?size=64&v=2000');
  expect(pictureOf(row, 64, 3000)).not.toBe(pictureOf(row, 64, 2000));
  expect(pictureOf(dropped, 64, 2000)).toBe(pictureOf(dropped, 64));
});

test('rows are the same images by their names, and by their numbers only where a name is not known', () => {
  const row = (number: number, name?: string) =>
    subjectOfRef({ kind: 'row', set: 'set-1', row: number, ...(name === undefined ? {} : { name }) });
  expect(isSame(row(1, 'a.png'), row(2, 'a.png'))).toBe(true);
  expect(isSame(row(1, 'a.png'), row(1, 'b.png'))).toBe(false);
  expect(isSame(row(1, 'a.png'), row(1))).toBe(true);
  expect(isSame(row(2, 'a.png'), row(1))).toBe(false);
});
