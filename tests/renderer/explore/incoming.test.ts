/** src/renderer/pages/explore/incoming.ts */
import { expect, test } from 'vitest';
import { incoming, isForSearch } from '../../../src/renderer/pages/explore/incoming';
import { MAX_QUERIES_BYTES, MAX_QUERY_BYTES, MAX_QUERY_IMAGES } from '../../../src/shared/explorer/search';

const file = (name: string, size = 1) => ({ name, size }) as File;
const nothing = { files: [], folders: [], types: [] };

test('files are searched with, whatever their type says: the host looks at the bytes', () => {
  const files = [file('a.jpg'), file('b')];
  expect(incoming({ ...nothing, files, types: ['Files'] })).toEqual({ kind: 'images', files });
});

test('an address on the web is refused with the reason, and what to do', () => {
  expect(incoming({ ...nothing, types: ['text/uri-list', 'text/html'] })).toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/fetches nothing/) as string,
    hint: expect.stringMatching(/paste/) as string,
  });
});

test('a picture that comes with its bytes is taken, its address or not', () => {
  const files = [file('image.png')];
  expect(incoming({ ...nothing, files, types: ['Files', 'text/html'] }).kind).toBe('images');
});

test('a folder is named and refused', () => {
  const told = incoming({ files: [file('photos', 4096)], folders: ['photos'], types: ['Files'] });
  expect(told).toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('“photos” is a folder') as string,
  });
});

test('what is too large is refused before it is sent', () => {
  const told = incoming({ ...nothing, files: [file('huge.tiff', MAX_QUERY_BYTES + 1)] });
  expect(told).toMatchObject({ kind: 'refused', message: expect.stringContaining('64.0 MiB') as string });
  expect(incoming({ ...nothing, files: [file('fits.tiff', MAX_QUERY_BYTES)] }).kind).toBe('images');
});

test('more images than a search takes are refused', () => {
  const files = Array.from({ length: MAX_QUERY_IMAGES + 1 }, (_, n) => file(`${n}.jpg`));
  expect(incoming({ ...nothing, files }).kind).toBe('refused');
});

test('files that are too large together are refused: the host would forget the first of them', () => {
  const files = Array.from({ length: 8 }, (_, n) => file(`${n}.tiff`, MAX_QUERIES_BYTES / 8));
  expect(incoming({ ...nothing, files }).kind).toBe('images');
  expect(incoming({ ...nothing, files: [...files, file('more.tiff')] })).toMatchObject({
    kind: 'refused',
    message: 'These 9 images have 256 MiB together, and one search takes at most 256 MiB.',
  });
});

test('pasted text is nothing to search with', () => {
  expect(incoming({ ...nothing, types: ['text/plain'] })).toEqual({ kind: 'nothing' });
});

const held = (types: string[], ...files: string[]) => ({
  types,
  items: files.map((type) => ({ kind: 'file', type })) as unknown as DataTransferItemList,
});

test('files held over the window are to search with; where data is added, only images are', () => {
  const [image, folder] = [held(['Files'], 'image/png', 'image/jpeg'), held(['Files'], 'image/png', '')];
  expect([isForSearch(image, false), isForSearch(folder, false)]).toEqual([true, true]);
  expect([isForSearch(image, true), isForSearch(folder, true)]).toEqual([true, false]);
  const hidden = held(['Files']);
  expect([isForSearch(hidden, false), isForSearch(hidden, true)]).toEqual([true, false]);
});

test('a link is taken to be refused, wherever it is dropped; text is left alone', () => {
  expect(isForSearch(held(['text/uri-list', 'text/html']), true)).toBe(true);
  expect(isForSearch(held(['text/plain']), false)).toBe(false);
});
