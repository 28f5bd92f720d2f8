/** What the host tells as it happens, without gaps: after a loss the stream goes on from the last event seen. */
import type { HostEvent } from '../../../shared/api/events';
import { connection, host } from './client';
import type { ConnectionState } from './connection';

/** A quiet stream is asked whether it still lives after this long, ms. */
const QUIET = 20_000;
const ANSWER_WITHIN = 10_000;

/** `reset` comes first, and again whenever the past is lost: load everything anew. */
export type Listener = (event: HostEvent, seq: number) => void;

class Live {
  connection: ConnectionState = $state(connection.state);
  /** Since when the connection is what it is, ms since the epoch. */
  since = $state(connection.since);
  /** A host is there again, but it is another one than this page was opened from. */
  turnedAway = $state(connection.turnedAway);

  readonly #listeners = new Set<Listener>();
  #last: number | null = null;
  #heard = Date.now();
  #watchers = 0;
  #restart: AbortController | undefined;

  constructor() {
    connection.onState((state) => {
      this.connection = state;
      this.since = connection.since;
      this.turnedAway = connection.turnedAway;
    });
    globalThis.addEventListener('online', () => connection.retry());
    setInterval(() => void this.#checkPulse(), QUIET / 2);
    void this.#listen();
  }

  /** @returns stops the telling. */
  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** While somebody watches, `load` events come as well. @returns ends the watching. */
  watchLoad(): () => void {
    if (this.#watchers++ === 0) this.#restart?.abort();
    return () => {
      if (--this.#watchers === 0) this.#restart?.abort();
    };
  }

  async #listen(): Promise<never> {
    for (;;) {
      const restart = new AbortController();
      this.#restart = restart;
      try {
        const stream = await host.events(
          { after: this.#last, load: this.#watchers > 0 },
          { signal: restart.signal },
        );
        this.#heard = Date.now();
        if (this.#last === null) this.#tell({ type: 'reset' }, -1);
        for await (const { seq, event } of stream) {
          this.#heard = Date.now();
          if (event.type === 'reset' || seq > (this.#last ?? -1)) this.#last = seq;
          this.#tell(event, seq);
        }
      } catch {
        // The strip says that the connection is lost; nothing else is to be said here.
      }
      if (!restart.signal.aborted) await new Promise((resume) => setTimeout(resume, 250));
    }
  }

  #tell(event: HostEvent, seq: number): void {
    for (const listener of this.#listeners) listener(event, seq);
  }

  /** A network can vanish without a word: then the channel is closed from here. */
  async #checkPulse(): Promise<void> {
    if (connection.state !== 'open' || Date.now() - this.#heard < QUIET) return;
    const timer = setTimeout(() => connection.drop(), ANSWER_WITHIN);
    try {
      await host.host.info();
      this.#heard = Date.now();
    } catch {
      // Either the channel was closed meanwhile, or the host will be asked again.
    } finally {
      clearTimeout(timer);
    }
  }
}

export const live = new Live();
