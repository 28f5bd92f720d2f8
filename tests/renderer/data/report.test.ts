/** src/renderer/pages/data/report.ts and grid.ts */
import { describe, expect, test } from 'vitest';
import { gridWindow } from '../../../src/renderer/pages/data/grid';
import {
  checkShare,
  checkText,
  classBars,
  filterSkipped,
  reasonsOf,
  sizeText,
  skippedAsText,
} from '../../../src/renderer/pages/data/report';
import { dataset, report } from './dataset';

test('bars are measured against the largest class', () => {
  expect(classBars(report())).toEqual([
    { name: 'finch', count: 600, share: 1 },
    { name: 'wren', count: 400, share: 400 / 600 },
  ]);
  expect(classBars(report({ classes: [{ name: 'none', count: 0 }] }))[0].share).toBe(0);
  expect(classBars(report({ classes: null }))).toEqual([]);
});

test('sizes in words', () => {
  const size = {
    minWidth: 32,
    maxWidth: 32,
    minHeight: 32,
    maxHeight: 32,
    medianWidth: 32,
    medianHeight: 32,
  };
  expect(sizeText(report({ size }))).toBe('32 × 32 px, all of them');
  expect(sizeText(report({ size: { ...size, maxWidth: 640 } }))).toBe(
    '32 × 32 to 640 × 32 px, median 32 × 32 px',
  );
  expect(sizeText(report())).toBe('not known');
});

test('a check says how far it is', () => {
  const progress = {
    phase: 'decoding',
    done: 500,
    total: 2000,
    rate: 1,
    secondsLeft: 90,
    epoch: null,
    epochs: null,
  } as const;
  expect(checkShare(dataset({ progress }))).toBe(0.25);
  expect(checkText(dataset({ progress }))).toBe('500 of 2,000 images looked at, 1 min 30 s left.');
  expect(checkShare(dataset())).toBeNull();
  expect(checkText(dataset({ progress: { ...progress, total: 0 } }))).toBe('Looking for images…');
});

describe('files left out', () => {
  const skipped = [
    { path: 'a/one.jpg', reason: 'the file is empty' },
    { path: 'b/two.jpg', reason: 'not an image' },
    { path: 'b/three.png', reason: 'not an image' },
  ];

  test('are found by words of path and reason, in any order', () => {
    expect(filterSkipped(skipped, 'IMAGE b/').map(({ path }) => path)).toEqual(['b/two.jpg', 'b/three.png']);
    expect(filterSkipped(skipped, ' ')).toHaveLength(3);
    expect(filterSkipped(skipped, 'nowhere')).toEqual([]);
  });

  test('are copied one a line', () => {
    expect(skippedAsText(skipped.slice(0, 2))).toBe('a/one.jpg\tthe file is empty\nb/two.jpg\tnot an image');
  });

  test('are counted by reason', () => {
    expect(reasonsOf(skipped)).toEqual([
      { reason: 'not an image', count: 2 },
      { reason: 'the file is empty', count: 1 },
    ]);
  });
});

describe('the grid of pictures', () => {
  test('holds what is in view and two rows around it', () => {
    const view = gridWindow(10_000, { cell: 76, width: 760, height: 400, scrollTop: 7600 });
    expect(view).toEqual({ columns: 10, from: 980, to: 1080, offset: 98 * 76, height: 1000 * 76 });
  });

  test('nothing yet is nothing, and the end is the end', () => {
    expect(gridWindow(0, { cell: 76, width: 760, height: 400, scrollTop: 0 })).toMatchObject({
      from: 0,
      to: 0,
      height: 0,
    });
    expect(gridWindow(25, { cell: 76, width: 760, height: 4000, scrollTop: 0 })).toMatchObject({
      from: 0,
      to: 25,
    });
    expect(gridWindow(25, { cell: 76, width: 10, height: 76, scrollTop: 0 }).columns).toBe(1);
  });

  test('above the first row it shows no more than the first rows', () => {
    expect(gridWindow(1000, { cell: 76, width: 760, height: 300, scrollTop: -600 })).toMatchObject({
      from: 0,
      to: 0,
    });
    expect(gridWindow(1000, { cell: 76, width: 760, height: 700, scrollTop: -600 })).toMatchObject({
      from: 0,
      to: 40,
    });
  });
});
