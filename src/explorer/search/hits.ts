/** What a search found, in one order: by score, and among equals the lower set, then the lower row. */

export interface Hit {
  /** Place among the sets that were searched. */
  readonly set: number;
  readonly row: number;
  /** Cosine similarity in [-1, 1]. */
  readonly score: number;
}

/** Negative where `a` comes first. */
export const compareHits = (a: Hit, b: Hit): number => b.score - a.score || a.set - b.set || a.row - b.row;

/** The best `k` of what it is shown, kept in a heap whose root is the worst of them. */
export class BestHits {
  private readonly heap: Hit[] = [];

  constructor(private readonly k: number) {}

  /** The least score that may still get in. */
  get least(): number {
    return this.heap.length < this.k ? -Infinity : this.heap[0].score;
  }

  offer(hit: Hit): void {
    const { heap, k } = this;
    if (heap.length < k) {
      heap.push(hit);
      this.rise(heap.length - 1);
    } else if (compareHits(hit, heap[0]) < 0) {
      heap[0] = hit;
      this.sink();
    }
  }

  /** Best first. */
  sorted(): Hit[] {
    return this.heap.toSorted(compareHits);
  }

  private rise(at: number): void {
    const { heap } = this;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (compareHits(heap[at], heap[parent]) <= 0) return;
      [heap[at], heap[parent]] = [heap[parent], heap[at]];
      at = parent;
    }
  }

  private sink(): void {
    const { heap } = this;
    for (let at = 0; ;) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && compareHits(heap[child], heap[worst]) > 0) worst = child;
      if (worst === at) return;
      [heap[at], heap[worst]] = [heap[worst], heap[at]];
      at = worst;
    }
  }
}
