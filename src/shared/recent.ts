/** Things kept in memory up to a limit; what was not asked for the longest goes first, and is closed. */
export class Recent<T> {
  /** By key, the one used last at the end. */
  private readonly kept = new Map<string, { value: T; weight: number }>();
  private weight = 0;

  /**
   * @param limit of all weights together; the newest is kept whatever its own.
   * @param close called once for each that goes.
   */
  constructor(
    private readonly limit: number,
    private readonly close: (value: T) => unknown = () => undefined,
  ) {}

  get(key: string): T | undefined {
    const found = this.kept.get(key);
    if (!found) return undefined;
    this.kept.delete(key);
    this.kept.set(key, found);
    return found.value;
  }

  put(key: string, value: T, weight = 1): void {
    this.forget(key);
    this.kept.set(key, { value, weight });
    this.weight += weight;
    this.makeRoom();
  }

  /** Tells another weight of what is kept. */
  weigh(key: string, weight: number): void {
    const found = this.kept.get(key);
    if (!found) return;
    this.weight += weight - found.weight;
    found.weight = weight;
    this.makeRoom();
  }

  forget(key: string): void {
    const found = this.kept.get(key);
    if (!found) return;
    this.kept.delete(key);
    this.weight -= found.weight;
    this.close(found.value);
  }

  /** Forgets all whose key begins like this. */
  forgetUnder(prefix: string): void {
    for (const key of [...this.kept.keys()]) if (key.startsWith(prefix)) this.forget(key);
  }

  clear(): void {
    this.forgetUnder('');
  }

  private makeRoom(): void {
    for (const oldest of this.kept.keys()) {
      if (this.weight <= this.limit || this.kept.size === 1) return;
      this.forget(oldest);
    }
  }
}
