/**
 * Keys as actions name them: "k", "?", "Delete", "Mod+k" (Ctrl, or Cmd on a Mac), "Shift+x", and sequences of two
 * with a space between: "g r".
 */

/** The parts of a KeyboardEvent that decide. */
export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** How long the second key of a sequence may take, ms. */
const SEQUENCE_WITHIN = 1200;

const modifiers = ['Control', 'Meta', 'Alt', 'Shift', 'AltGraph'];

/** @returns undefined where only a modifier went down. */
export function nameOfKey({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string | undefined {
  if (modifiers.includes(key)) return undefined;
  const named = key === ' ' ? 'Space' : key;
  // Shift is already in a character ("?"), but not in a letter's or a named key's meaning.
  const isSign = named.length === 1 && named.toLowerCase() === named.toUpperCase();
  return [
    ctrlKey || metaKey ? 'Mod+' : '',
    altKey ? 'Alt+' : '',
    shiftKey && !isSign ? 'Shift+' : '',
    named.length === 1 ? named.toLowerCase() : named,
  ].join('');
}

export type Match<T> =
  | { kind: 'found'; target: T }
  /** The first half of a sequence: the next key decides. */
  | { kind: 'waiting' }
  | { kind: 'none' };

/** Remembers the first key of a sequence. */
export class KeyMatcher {
  #first: { name: string; at: number } | undefined;

  /**
   * @param bindings later ones win.
   * @param now ms.
   */
  press<T>(name: string, bindings: readonly { keys: string; target: T }[], now: number): Match<T> {
    const first = this.#first && now - this.#first.at <= SEQUENCE_WITHIN ? this.#first.name : undefined;
    this.#first = undefined;
    const found =
      (first === undefined ? undefined : bindings.findLast(({ keys }) => keys === `${first} ${name}`)) ??
      bindings.findLast(({ keys }) => keys === name);
    if (found) return { kind: 'found', target: found.target };
    if (bindings.some(({ keys }) => keys.startsWith(`${name} `))) {
      this.#first = { name, at: now };
      return { kind: 'waiting' };
    }
    return { kind: 'none' };
  }
}

const macNames: Record<string, string> = { Mod: '⌘', Alt: '⌥', Shift: '⇧' };
const names: Record<string, string> = {
  Mod: 'Ctrl',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
};

/** "Mod+k" as its caps: ["Ctrl", "K"]; a sequence has its keys one after the other. */
export function keyCaps(keys: string, isMac: boolean): string[] {
  return keys
    .split(' ')
    .flatMap((combination) =>
      combination
        .split(/\+(?=.)/)
        .map((part) => (isMac ? macNames[part] : undefined) ?? names[part] ?? capital(part)),
    );
}

const capital = (part: string): string => (part.length === 1 ? part.toUpperCase() : part);
