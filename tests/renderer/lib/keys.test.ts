/** src/renderer/lib/keys.ts */
import { describe, expect, test } from 'vitest';
import { keyCaps, KeyMatcher, nameOfKey, type Pressed } from '../../../src/renderer/lib/keys';

const press = (key: string, held: Partial<Pressed> = {}): string | undefined =>
  nameOfKey({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

describe('the name of a key', () => {
  test('letters are small, with Shift spelt out', () => {
    expect(press('k')).toBe('k');
    expect(press('X', { shiftKey: true })).toBe('Shift+x');
  });

  test('a sign needs no Shift, wherever it lies on the keyboard', () => {
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('/')).toBe('/');
  });

  test('Ctrl and Cmd are the same', () => {
    expect(press('k', { ctrlKey: true })).toBe('Mod+k');
    expect(press('k', { metaKey: true })).toBe('Mod+k');
  });

  test('a modifier alone is none', () => {
    expect(press('Shift', { shiftKey: true })).toBeUndefined();
  });
});

describe('matching', () => {
  const bindings = [
    { keys: 'g r', target: 'runs' },
    { keys: 'r', target: 'resume' },
    { keys: 'x', target: 'outer' },
    { keys: 'x', target: 'inner' },
  ];

  test('the later of two bindings wins', () => {
    expect(new KeyMatcher().press('x', bindings, 0)).toEqual({ kind: 'found', target: 'inner' });
  });

  test('a sequence is found when its second key comes soon, before a binding of that key alone', () => {
    const matcher = new KeyMatcher();
    expect(matcher.press('g', bindings, 0)).toEqual({ kind: 'waiting' });
    expect(matcher.press('r', bindings, 800)).toEqual({ kind: 'found', target: 'runs' });
    expect(matcher.press('r', bindings, 900)).toEqual({ kind: 'found', target: 'resume' });
  });

  test('a second key that comes late stands for itself', () => {
    const matcher = new KeyMatcher();
    matcher.press('g', bindings, 0);
    expect(matcher.press('r', bindings, 5000)).toEqual({ kind: 'found', target: 'resume' });
  });

  test('what is bound to nothing is none', () => {
    expect(new KeyMatcher().press('q', bindings, 0)).toEqual({ kind: 'none' });
  });
});

test('keys read as they stand on the keyboard', () => {
  expect(keyCaps('Mod+k', false)).toEqual(['Ctrl', 'K']);
  expect(keyCaps('Mod+k', true)).toEqual(['⌘', 'K']);
  expect(keyCaps('g r', false)).toEqual(['G', 'R']);
  expect(keyCaps('Delete', false)).toEqual(['Del']);
  expect(keyCaps('+', false)).toEqual(['+']);
});
