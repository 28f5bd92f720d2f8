/** The folders that were looked at last: walking a large one again for every picture would take seconds. */
import { Gallery } from './gallery';

const KEPT = 4;

export class Galleries {
  /** By path, the one used last at the end. */
  private readonly open = new Map<string, Gallery>();

  constructor(
    private readonly cacheDirectory: string,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws UserError where there are no images at `path`. */
  async of(path: string): Promise<Gallery> {
    const known = this.open.get(path);
    if (known?.isCurrent) {
      this.open.delete(path);
      this.open.set(path, known);
      return known;
    }
    this.forget(path);
    const gallery = await Gallery.open(path, this.cacheDirectory, this.signal);
    this.open.set(path, gallery);
    const [oldest] = this.open.keys();
    if (this.open.size > KEPT) this.forget(oldest);
    return gallery;
  }

  forget(path: string): void {
    this.open.get(path)?.close();
    this.open.delete(path);
  }

  close(): void {
    for (const path of [...this.open.keys()]) this.forget(path);
  }
}
