/** What can be done now: the palette, the shortcut sheet and the keys are all made from this. */
import { KeyMatcher, nameOfKey } from './keys';

export interface Action {
  /** Unique among all: "runs.compare". */
  id: string;
  /** A verb and what it is done to: "Compare the selected runs". */
  title: string;
  /** Heading in the sheet: "Runs", "Go". */
  group: string;
  /** Alternatives, see keys.ts. */
  keys?: string[];
  run: () => unknown;
  /** Why it cannot be done just now. */
  disabled?: string | undefined;
}

/** The truth is no state: a teardown would read the state of before, and take away what the next page has registered. */
let registered: readonly (() => Action[])[] = [];
let providers: readonly (() => Action[])[] = $state.raw([]);

/** While the calling component lives, these can be done. The function is asked anew each time, so it may look at state. */
export function useActions(provide: () => Action[]): void {
  $effect.pre(() => {
    providers = registered = [...registered, provide];
    return () => {
      providers = registered = registered.filter((other) => other !== provide);
    };
  });
}

/**
 * All that can be done now; those of inner components come later, and win where two want the same key. While one page
 * takes the place of another both may be there: of two with the same id the later one counts.
 */
export function allActions(): Action[] {
  const all = providers.flatMap((provide) => provide());
  return all.filter(({ id }, index) => all.findLastIndex((other) => other.id === id) === index);
}

/**
 * Does what a menu or another program asks for by id.
 * @returns why it cannot be done just now; undefined where it was done.
 */
export function performAction(id: string): string | undefined {
  const action = allActions().find((other) => other.id === id);
  if (!action) return 'That cannot be done here just now.';
  if (action.disabled) return action.disabled;
  void action.run();
  return undefined;
}

/** Handles a key of the window. */
export function createKeyHandler(): (event: KeyboardEvent) => void {
  const matcher = new KeyMatcher();
  return (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const name = nameOfKey(event);
    if (name === undefined || isTakenBy(event.target, name)) return;
    const bindings = allActions()
      .filter(({ disabled }) => !disabled)
      .flatMap((action) => (action.keys ?? []).map((keys) => ({ keys, target: action })));
    const match = matcher.press(name, bindings, event.timeStamp);
    if (match.kind !== 'found') return;
    event.preventDefault();
    void match.target.run();
  };
}

/** Keys that the focused element wants for itself: text while typing, Enter on a button, all inside a dialog or menu. */
function isTakenBy(target: EventTarget | null, name: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (/^(Mod|Alt)\+/.test(name)) return name !== 'Mod+k' && isTyping(target);
  if (isTyping(target)) return true;
  if (target.closest('[role="dialog"], [role="menu"], [role="listbox"]')) return true;
  return (
    (name === 'Enter' || name === 'Space') &&
    target.closest('a, button, summary, label, [role="tab"]') !== null
  );
}

function isTyping(target: HTMLElement): boolean {
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|range)$/.test(target.type);
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}
