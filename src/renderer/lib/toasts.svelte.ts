/** Short notices at the edge of the window. */
import { problemOf } from './host/client';

export interface Toast {
  id: number;
  text: string;
  /** What to do, where something went wrong. */
  hint?: string | undefined;
  tone: 'info' | 'error';
  /** A button, e.g. Undo. Using it closes the notice. */
  action?: { title: string; run: () => unknown } | undefined;
  /** How long it stays; null stays until closed. */
  seconds: number | null;
}

let next = 1;

class Toasts {
  list: readonly Toast[] = $state.raw([]);

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();

/** Shows a notice: 6 seconds, 10 with an action; errors stay until they are closed. */
export function toast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): void {
  const tone = options.tone ?? 'info';
  const seconds = tone === 'error' ? null : options.action ? 10 : 6;
  // More than four at once nobody reads.
  toasts.list = [...toasts.list, { seconds, ...options, id: next++, text, tone }].slice(-4);
}

/** For the end of a promise that nobody waits for: tells what went wrong. */
export function toastProblem(error: unknown): void {
  const { message, hint } = problemOf(error);
  toast(message, { tone: 'error', hint: hint ?? undefined });
}
