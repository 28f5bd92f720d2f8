/** src/renderer/pages/explore/subject.ts */
import { expect, test } from 'vitest';
import { parseRef, pictureOf, refText } from '../../../src/renderer/pages/explore/subject';
import { imageRefSchema, type ImageRef } from '../../../src/shared/explorer/search';

const refs: ImageRef[] = [
  { kind: 'query', id: 'q_1-a' },
  { kind: 'row', set: 'set-1', row: 12 },
  { kind: 'dataset', dataset: 'sample', index: 0 },
];

test.each(refs)('$kind is written and read back', (ref) => {
  expect(parseRef(refText(ref))).toEqual(ref);
  expect(imageRefSchema.parse(ref)).toEqual(ref);
});

test.each(['', 'query', 'query:', 'query:a:1', 'row:a', 'row:a:-1', 'row:a:x', 'row:../b:1', 'other:a:1'])(
  '%j names no image',
  (text) => expect(parseRef(text)).toBeNull(),
);

test('each kind has its picture', () => {
  expect(refs.map((ref) => pictureOf(ref, 512))).toEqual([
    '/pictures/queries/q_1-a?size=512',
    '/pictures/sets/set-1/12?size=512',
    '/pictures/datasets/sample/0?size=256',
  ]);
});
