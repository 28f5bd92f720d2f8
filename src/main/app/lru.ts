/** Things kept in memory up to a number of bytes; what was not asked for the longest goes first. */
export class Lru<T> {
  private readonly kept = new Map<string, { value: T; bytes: number }>();
  private bytes = 0;

  constructor(private readonly limit: number) {}

  get(key: string): T | undefined {
    const found = this.kept.get(key);
    if (!found) return undefined;
    this.kept.delete(key);
    this.kept.set(key, found);
    return found.value;
  }

  /** The newest is kept whatever its size. */
  put(key: string, value: T, bytes: number): void {
    this.delete(key);
    this.kept.set(key, { value, bytes });
    this.bytes += bytes;
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= this.limit || this.kept.size === 1) return;
      this.delete(oldest);
    }
  }

  /** Forgets all whose key begins like this. */
  forget(prefix: string): void {
    for (const key of [...this.kept.keys()]) if (key.startsWith(prefix)) this.delete(key);
  }

  private delete(key: string): void {
    this.bytes -= this.kept.get(key)?.bytes ?? 0;
    this.kept.delete(key);
  }
}
