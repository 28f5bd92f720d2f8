/** src/renderer/pages/runs/selection.ts */
import { describe, expect, test } from 'vitest';
import {
  extendTo,
  moveCursor,
  NOTHING,
  prune,
  toggle,
  toggleAll,
} from '../../../src/renderer/pages/runs/selection';

const order = ['a', 'b', 'c', 'd', 'e'];
const chosen = ({ chosen }: { chosen: ReadonlySet<string> }) => [...chosen].sort().join('');

describe('the cursor', () => {
  test('comes in at the first row downwards, at the last upwards', () => {
    expect(moveCursor(NOTHING, order, 1).cursor).toBe('a');
    expect(moveCursor(NOTHING, order, -1).cursor).toBe('e');
  });

  test('stops at the ends', () => {
    const end = { ...NOTHING, cursor: 'e' };
    expect(moveCursor(end, order, 1).cursor).toBe('e');
    expect(moveCursor(end, order, -9).cursor).toBe('a');
  });

  test('begins anew where its row is filtered away, and is nowhere where there is none', () => {
    expect(moveCursor({ ...NOTHING, cursor: 'gone' }, order, 1).cursor).toBe('a');
    expect(moveCursor({ ...NOTHING, cursor: 'a' }, [], 1).cursor).toBeNull();
  });
});

describe('choosing', () => {
  test('one, and again not', () => {
    const one = toggle(NOTHING, 'b');
    expect(chosen(one)).toBe('b');
    expect(chosen(toggle(one, 'b'))).toBe('');
  });

  test('a range from the anchor, in both directions, keeping what was chosen', () => {
    const from = toggle(toggle(NOTHING, 'a'), 'c');
    expect(chosen(extendTo(from, order, 'e'))).toBe('acde');
    const again = extendTo(extendTo(toggle(NOTHING, 'd'), order, 'e'), order, 'b');
    expect(chosen(again)).toBe('bcde');
    expect(again.anchor).toBe('d');
  });

  test('a range without an anchor in sight is one row', () => {
    expect(chosen(extendTo({ ...NOTHING, anchor: 'gone' }, order, 'c'))).toBe('c');
  });

  test('all that are shown, and again none of them', () => {
    const some = toggle(NOTHING, 'hidden');
    const all = toggleAll(some, order);
    expect(all.chosen.size).toBe(6);
    expect(chosen(toggleAll(all, order))).toBe('hidden');
  });
});

test('runs that are no more are chosen no more', () => {
  const selection = toggle(toggle(NOTHING, 'a'), 'b');
  expect(prune(selection, () => true)).toBe(selection);
  const rest = prune(selection, (id) => id !== 'b');
  expect(chosen(rest)).toBe('a');
  expect(rest.cursor).toBeNull();
  expect(rest.anchor).toBeNull();
});
