/** src/renderer/pages/data/picker.ts */
import { describe, expect, test } from 'vitest';
import type { FolderListing } from '../../../src/shared/api/datasets';
import { contentsOf, moved, rowsOf, TypeAhead } from '../../../src/renderer/pages/data/picker';

const place = (name: string) => ({ id: name, path: `/${name}`, name });
const listing = (patch: Partial<FolderListing> = {}): FolderListing => ({
  here: place('home'),
  parents: [],
  folders: ['alpha', 'beta', 'bees', 'Birds', 'cats'].map(place),
  archives: [place('birds.zip')],
  images: 0,
  problem: null,
  ...patch,
});
const rows = rowsOf(listing());

test('folders come first, then archives', () => {
  expect(rows.map(({ kind }) => kind)).toEqual(['folder', 'folder', 'folder', 'folder', 'folder', 'archive']);
});

test.each([
  ['ArrowDown', 0, 1],
  ['ArrowDown', 5, 5],
  ['ArrowUp', 0, 0],
  ['PageDown', 1, 5],
  ['PageUp', 5, 1],
  ['Home', 3, 0],
  ['End', 3, 5],
  ['Enter', 3, undefined],
])('%s from row %d leads to %s', (key, from, to) => {
  expect(moved(key, from, 6, 4)).toBe(to);
});

describe('typed letters', () => {
  test('find the next name that begins with them', () => {
    expect(new TypeAhead().find('c', rows, 0, 0)).toBe(4);
    expect(new TypeAhead().find('z', rows, 0, 0)).toBeUndefined();
    expect(new TypeAhead().find('a', [], 0, 0)).toBeUndefined();
  });

  test('the same again goes on, and around', () => {
    const ahead = new TypeAhead();
    expect(ahead.find('b', rows, 0, 0)).toBe(1);
    expect(ahead.find('b', rows, 1, 100)).toBe(2);
    expect(ahead.find('b', rows, 5, 200)).toBe(1);
  });

  test('several in quick succession are one name, later ones begin anew', () => {
    const ahead = new TypeAhead();
    ahead.find('b', rows, 0, 0);
    expect(ahead.find('i', rows, 1, 100)).toBe(3);
    expect(ahead.find('c', rows, 3, 2000)).toBe(4);
  });
});

test('what is in a folder, in words', () => {
  expect(contentsOf(listing({ images: 1 }))).toBe('1 image, 5 folders, 1 archive');
  expect(contentsOf(listing({ images: 0, folders: [], archives: [] }))).toBe('nothing to show');
});
