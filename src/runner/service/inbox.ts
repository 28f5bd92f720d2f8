/** What a service has been asked and has not begun. */

export interface Letter {
  readonly id: number;
  /** As it came over the wire, unchecked. */
  readonly request: unknown;
}

export class Inbox {
  /** Oldest first. */
  readonly letters: Letter[] = [];
  private wake: (() => void) | undefined;

  put(id: number, request: unknown): void {
    this.letters.push({ id, request });
    this.wake?.();
  }

  /** Nothing happens where it has begun. */
  withdraw(id: number): void {
    const at = this.letters.findIndex((letter) => letter.id === id);
    if (at >= 0) this.letters.splice(at, 1);
  }

  /** Waits until there is something. @returns false where `signal` was aborted first. */
  async wait(signal: AbortSignal): Promise<boolean> {
    while (this.letters.length === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.wake = wake;
        signal.addEventListener('abort', wake);
      });
    }
    return !signal.aborted;
  }
}
