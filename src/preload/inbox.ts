/** Messages for the page: those that come before it listens are kept for its first listener. */
export class Inbox {
  readonly #listeners = new Set<(text: string) => void>();
  #waiting: string[] = [];

  take(text: string): void {
    if (this.#listeners.size === 0) this.#waiting.push(text);
    for (const listener of this.#listeners) listener(text);
  }

  /** @returns a function that ends it. */
  listen(listener: (text: string) => void): () => void {
    this.#listeners.add(listener);
    for (const text of this.#waiting.splice(0)) listener(text);
    return () => this.#listeners.delete(listener);
  }
}
