/** Which copy is suggested to be kept. */
import { expect, test } from 'vitest';
import type { CopyFacts } from '../../../src/shared/explorer/copies';
import { suggestKept } from '../../../src/shared/explorer/keep';

const facts = (row: number, of: Partial<CopyFacts> = {}): CopyFacts => ({
  row,
  name: `folder/photo ${row}.jpg`,
  width: 800,
  height: 600,
  bytes: 1000,
  changedAt: 5,
  problem: null,
  ...of,
});

test.each<{ what: string; group: CopyFacts[]; row: number; reason: string }>([
  {
    what: 'resolution before bytes',
    group: [facts(0, { bytes: 9000 }), facts(1, { width: 1600, height: 1200 })],
    row: 1,
    reason: 'Highest resolution, 1600 x 1200',
  },
  {
    what: 'bytes at equal resolution',
    group: [facts(0), facts(1, { bytes: 2500 }), facts(2, { width: 10, bytes: 9000 })],
    row: 1,
    reason: 'Largest file of the highest resolution, 2,500 bytes',
  },
  {
    what: 'the oldest',
    group: [facts(0), facts(1, { changedAt: 2 })],
    row: 1,
    reason: 'Oldest of those of equal resolution and size',
  },
  {
    what: 'a name that does not say copy',
    group: [facts(0, { name: 'a (1).jpg' }), facts(1, { name: 'long/er/photo.jpg' })],
    row: 1,
    reason: 'Otherwise equal, and its name does not say that it is a copy',
  },
  {
    what: 'the shortest path',
    group: [facts(0, { name: 'backup/old/photo.jpg' }), facts(1, { name: 'photo.jpg' })],
    row: 1,
    reason: 'Otherwise equal, and of the shortest path',
  },
  {
    what: 'all equal',
    group: [facts(3), facts(4)],
    row: 3,
    reason: 'Equal in all that was looked at; the first of them',
  },
  {
    what: 'a file that cannot be read is not kept',
    group: [facts(0, { width: 9999, problem: 'is cut short' }), facts(1)],
    row: 1,
    reason: 'The only file that can be read',
  },
  {
    what: 'what is not known loses',
    group: [facts(0, { width: null, height: null }), facts(1, { width: 1, height: 1 })],
    row: 1,
    reason: 'Highest resolution, 1 x 1',
  },
])('$what', ({ group, row, reason }) => {
  expect(suggestKept(group)).toEqual({ row, reason });
});

test('nothing is suggested where no file can be read', () => {
  expect(suggestKept([facts(0, { problem: 'gone' }), facts(1, { problem: 'gone' })])).toBeNull();
});
