/** Keeps the best pairs of very many: memory stays bounded, and the bar rises once it is full. */
import type { CopyPairs } from '../../shared/explorer/copies';

export class BestPairs {
  private first: Uint32Array;
  private second: Uint32Array;
  private score: Float64Array;
  private count = 0;
  private bar: number;
  /** Once full, the last of the best: of equal scores only pairs of lower rows stand before it. */
  private last: { readonly first: number; readonly second: number } | null = null;

  /** @param floor lowest score that is kept. @param limit how many pairs are kept. */
  constructor(
    floor: number,
    private readonly limit: number,
  ) {
    this.bar = floor;
    this.first = new Uint32Array(1024);
    this.second = new Uint32Array(1024);
    this.score = new Float64Array(1024);
  }

  /** A pair that scores less cannot be among the best any more. */
  get lowest(): number {
    return this.bar;
  }

  add(one: number, other: number, score: number): void {
    const first = Math.min(one, other);
    const second = Math.max(one, other);
    if (!this.canBeAmong(first, second, score)) return;
    if (this.count === this.score.length) this.makeRoom();
    if (!this.canBeAmong(first, second, score)) return;
    this.first[this.count] = first;
    this.second[this.count] = second;
    this.score[this.count++] = score;
  }

  /** By descending score, the lower rows first among equals. */
  pairs(): CopyPairs {
    const order = this.order().subarray(0, this.limit);
    return {
      first: Uint32Array.from(order, (i) => this.first[i]),
      second: Uint32Array.from(order, (i) => this.second[i]),
      score: Float32Array.from(order, (i) => this.score[i]),
    };
  }

  /** Many identical images make more ties than there is room: they must not be taken in to be sorted out again. */
  private canBeAmong(first: number, second: number, score: number): boolean {
    if (score !== this.bar || !this.last) return score >= this.bar;
    return first < this.last.first || (first === this.last.first && second < this.last.second);
  }

  private order(): Uint32Array {
    const { first, second, score } = this;
    return Uint32Array.from({ length: this.count }, (_, i) => i).sort(
      (a, b) => score[b] - score[a] || first[a] - first[b] || second[a] - second[b],
    );
  }

  /** Grows up to twice the limit; from then on the better half stays. */
  private makeRoom(): void {
    const most = 2 * this.limit;
    if (this.score.length < most) return this.move(null, Math.min(most, 2 * this.score.length));
    const kept = this.order().subarray(0, this.limit);
    const last = kept[this.limit - 1];
    this.bar = this.score[last];
    this.last = { first: this.first[last], second: this.second[last] };
    this.move(kept, most);
    this.count = this.limit;
  }

  private move(kept: Uint32Array | null, capacity: number): void {
    const taken = <T extends Uint32Array | Float64Array>(from: T, to: T): T => {
      if (kept) kept.forEach((i, at) => (to[at] = from[i]));
      else to.set(from);
      return to;
    };
    this.first = taken(this.first, new Uint32Array(capacity));
    this.second = taken(this.second, new Uint32Array(capacity));
    this.score = taken(this.score, new Float64Array(capacity));
  }
}
