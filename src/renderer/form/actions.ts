/** What a control of the form can do to it. */
import type { About } from './about';

export interface FormActions {
  /** @param typedPath whose unreadable text this value replaces; the setting's own where it is left out. */
  readonly set: (path: string, value: unknown, typedPath?: string) => void;
  /** Keeps a text that is no value: a fault until it is one. */
  readonly typed: (path: string, text: string) => void;
  readonly reset: (paths: readonly string[]) => void;
  /** Shows the help of what is pointed at or has the focus; null takes it away. */
  readonly explain: (about: About | null) => void;
}
