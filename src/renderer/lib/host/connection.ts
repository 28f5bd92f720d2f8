/** Keeps one channel to the host open: opens it again after a loss, and lets calls wait for it. */
import { HostError } from './problem';

/** An open way to the host. */
export interface Channel<Link> {
  link: Link;
  /** Settles when it is no longer open, for whatever reason. */
  closed: Promise<void>;
  close(): void;
}

export type ConnectionState = 'connecting' | 'open' | 'lost';

/** The host is there, but lets this page in no more. */
export class TurnedAway extends Error {
  override readonly name = 'TurnedAway';
}

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;
/** How long a call waits for a lost host, ms. */
const PATIENCE = 10_000;

/** Milliseconds before the attempt after `failures` failed ones: 250, 500, ... 5,000. */
export const backoff = (failures: number): number => Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);

export class Connection<Link> {
  state: ConnectionState = 'connecting';
  /** When the state became what it is, ms since the epoch. */
  since = Date.now();
  /** While it is lost: whether the last attempt found a host that refuses this page. */
  turnedAway = false;

  #channel: Channel<Link> | undefined;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting = new Set<(channel: Channel<Link>) => void>();
  #listeners = new Set<(state: ConnectionState) => void>();

  /** @param open rejects where the host is not there, with TurnedAway where it refuses. */
  constructor(private readonly open: () => Promise<Channel<Link>>) {
    void this.#connect();
  }

  /** Told of each change, also of `turnedAway`. @returns stops the telling. */
  onState(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The open channel, waited for up to ten seconds.
   * @throws HostError where the host stays away for so long.
   */
  channel(): Promise<Channel<Link>> {
    if (this.#channel) return Promise.resolve(this.#channel);
    return new Promise((found, failed) => {
      const settle = (channel: Channel<Link>): void => {
        clearTimeout(timer);
        found(channel);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(settle);
        failed(
          new HostError(
            'Selvedge is not connected to its host.',
            'Nothing was changed. Try again when the strip above has gone.',
          ),
        );
      }, PATIENCE);
      this.#waiting.add(settle);
    });
  }

  /** Tries at once instead of after the wait: the network is back, or the user asks. */
  retry(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#failures = 0;
    void this.#connect();
  }

  /** Gives up a channel that is open by name only; another is opened. */
  drop(): void {
    this.#channel?.close();
  }

  async #connect(): Promise<void> {
    this.#timer = undefined;
    let channel: Channel<Link>;
    try {
      channel = await this.open();
    } catch (error) {
      const turnedAway = error instanceof TurnedAway;
      const isNews = turnedAway !== this.turnedAway;
      this.turnedAway = turnedAway;
      this.#wait();
      if (isNews) this.#tell();
      return;
    }
    this.#channel = channel;
    this.#failures = 0;
    this.turnedAway = false;
    this.#become('open');
    for (const settle of this.#waiting) settle(channel);
    this.#waiting.clear();
    await channel.closed;
    this.#channel = undefined;
    this.#wait();
  }

  #wait(): void {
    if (this.state !== 'lost') this.#become('lost');
    this.#timer = setTimeout(() => void this.#connect(), backoff(this.#failures++));
  }

  #become(state: ConnectionState): void {
    this.state = state;
    this.since = Date.now();
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.state);
  }
}
