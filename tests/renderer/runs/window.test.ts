/** src/renderer/pages/runs/window.ts */
import { describe, expect, test } from 'vitest';
import { rowWindow, scrollToRow } from '../../../src/renderer/pages/runs/window';

describe('the rows in sight', () => {
  test('at the top', () => {
    expect(rowWindow(0, 320, 32, 5000)).toEqual({ first: 0, end: 10, offset: 0 });
  });

  test('between two rows one more is in sight', () => {
    expect(rowWindow(40, 320, 32, 5000)).toEqual({ first: 1, end: 12, offset: 8 });
  });

  test('at the bottom, and beyond it as a rubber band goes', () => {
    expect(rowWindow(5000 * 32, 320, 32, 5000)).toEqual({ first: 4990, end: 5000, offset: 0 });
    expect(rowWindow(-50, 320, 32, 5000)).toEqual({ first: 0, end: 10, offset: 0 });
  });

  test('fewer rows than room', () => {
    expect(rowWindow(0, 320, 32, 3)).toEqual({ first: 0, end: 3, offset: 0 });
    expect(rowWindow(0, 320, 32, 0)).toEqual({ first: 0, end: 0, offset: 0 });
  });

  test('at every place the room is filled', () => {
    for (let scrolled = 0; scrolled < 3000; scrolled += 7) {
      const { first, end, offset } = rowWindow(scrolled, 333, 32, 100);
      expect((end - first) * 32 - offset).toBeGreaterThanOrEqual(333);
    }
  });
});

describe('bringing a row into sight', () => {
  test('as little as needed', () => {
    expect(scrollToRow(3, 0, 320, 32)).toBe(0);
    expect(scrollToRow(10, 0, 320, 32)).toBe(32);
    expect(scrollToRow(2, 320, 320, 32)).toBe(64);
  });
});
