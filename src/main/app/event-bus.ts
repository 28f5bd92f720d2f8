/**
 * What happens, in order, for any number of windows. A window holds only a place in the order: one that is slow, or
 * gone without a word, costs no memory, and is told `reset` once the events it has not read are no longer kept.
 */
import type { HostEvent, SequencedEvent } from '../../shared/api/events';

/** What is kept for those who were away. */
export interface Kept {
  events: number;
  /** Of JSON text. */
  bytes: number;
}

const KEPT: Kept = { events: 20_000, bytes: 32 * 1024 * 1024 };

export interface Subscription {
  /** The last event that is known; null begins with what happens from now on. */
  after: number | null;
  /** Load samples too. */
  load: boolean;
  /** Ends the subscription. */
  signal?: AbortSignal | undefined;
}

export class EventBus {
  private readonly ring = new Map<number, { event: SequencedEvent; bytes: number }>();
  private readonly waiting = new Set<() => void>();
  private readonly listeners = new Set<(event: SequencedEvent) => void>();
  private bytes = 0;
  private last: number;
  private load: { event: SequencedEvent; count: number } | null = null;
  private watchers = 0;
  private closed = false;

  /**
   * @param start numbers begin after it. The clock in microseconds, so that a number which an earlier host gave out
   *   is never taken for one of this host.
   */
  constructor(
    private readonly kept = KEPT,
    start = Date.now() * 1000,
  ) {
    this.last = start;
  }

  /** The number of the latest event. */
  get seq(): number {
    return this.last;
  }

  /** Subscriptions that last. */
  get subscribers(): number {
    return this.watchers;
  }

  publish(event: HostEvent): void {
    if (this.closed) return;
    const sequenced = { seq: ++this.last, event };
    const bytes = JSON.stringify(event).length;
    this.ring.set(sequenced.seq, { event: sequenced, bytes });
    this.bytes += bytes;
    for (const [seq, oldest] of this.ring) {
      if (this.ring.size <= this.kept.events && this.bytes <= this.kept.bytes) break;
      this.ring.delete(seq);
      this.bytes -= oldest.bytes;
    }
    this.tell(sequenced);
  }

  /** Told to those who listen now; of several that a slow window missed it gets the latest. */
  publishLoad(event: Extract<HostEvent, { type: 'load' }>): void {
    if (this.closed) return;
    const sequenced = { seq: this.last, event };
    this.load = { event: sequenced, count: (this.load?.count ?? 0) + 1 };
    this.tell(sequenced);
  }

  /** Calls `listener` at once with each event, for parts of this process. @returns a function that ends it. */
  listen(listener: (event: SequencedEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** All events after `after`, then the next ones as they come, until the signal or the host's end. */
  async *subscribe({ after, load, signal }: Subscription): AsyncGenerator<SequencedEvent, void, void> {
    let place = after ?? this.last;
    let loads = this.load?.count ?? 0;
    this.watchers++;
    try {
      while (!this.closed && !signal?.aborted) {
        if (place !== this.last && !this.ring.has(place + 1)) {
          place = this.last;
          yield { seq: place, event: { type: 'reset' } };
        } else if (place < this.last) {
          place++;
          yield this.ring.get(place)!.event;
        } else if (load && this.load && this.load.count > loads) {
          loads = this.load.count;
          yield this.load.event;
        } else {
          await this.news(signal);
        }
      }
    } finally {
      this.watchers--;
    }
  }

  /** Ends every subscription. */
  close(): void {
    this.closed = true;
    this.wake();
    this.listeners.clear();
  }

  private tell(event: SequencedEvent): void {
    for (const listener of this.listeners) listener(event);
    this.wake();
  }

  private wake(): void {
    for (const resume of [...this.waiting]) resume();
  }

  private news(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const resume = () => {
        this.waiting.delete(resume);
        signal?.removeEventListener('abort', resume);
        resolve();
      };
      this.waiting.add(resume);
      signal?.addEventListener('abort', resume);
    });
  }
}
