/** src/renderer/lib/host/connection.ts */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { backoff, Connection, TurnedAway, type Channel } from '../../../src/renderer/lib/host/connection';

/** A host that can be switched off. */
class Host {
  isUp = true;
  /** It is there, but refuses. */
  refuses = false;
  attempts = 0;
  private end = (): void => undefined;

  readonly open = async (): Promise<Channel<number>> => {
    this.attempts++;
    if (this.refuses) throw new TurnedAway('401');
    if (!this.isUp) throw new Error('nobody there');
    const closed = new Promise<void>((resolve) => (this.end = resolve));
    return { link: this.attempts, closed, close: () => this.end() };
  };

  down(): void {
    this.isUp = false;
    this.end();
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

test('the wait doubles from a quarter of a second to five seconds', () => {
  expect([0, 1, 2, 3, 4, 5, 20].map(backoff)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
});

describe('a connection', () => {
  test('opens, tells of its loss, and comes back by itself', async () => {
    const host = new Host();
    const connection = new Connection(host.open);
    const states: string[] = [];
    connection.onState((state) => states.push(state));
    await settle();
    host.down();
    await settle();
    expect(states).toEqual(['open', 'lost']);
    host.isUp = true;
    await vi.advanceTimersByTimeAsync(250);
    expect(states).toEqual(['open', 'lost', 'open']);
  });

  test('says since when it is lost, whatever fails meanwhile', async () => {
    const host = new Host();
    const connection = new Connection(host.open);
    await settle();
    host.down();
    await settle();
    const { since } = connection;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connection.since).toBe(since);
    expect(connection.state).toBe('lost');
  });

  test('a call made while it is lost waits for it', async () => {
    const host = new Host();
    const connection = new Connection(host.open);
    await settle();
    host.down();
    await settle();
    const waiting = connection.channel();
    host.isUp = true;
    await vi.advanceTimersByTimeAsync(250);
    expect((await waiting).link).toBe(2);
  });

  test('a call fails with a sentence where the host stays away', async () => {
    const host = new Host();
    host.isUp = false;
    const connection = new Connection(host.open);
    const refused = expect(connection.channel()).rejects.toThrow('not connected to its host');
    await vi.advanceTimersByTimeAsync(10_000);
    await refused;
  });

  test('does not hammer a host that is away, and tries at once when told', async () => {
    const host = new Host();
    host.isUp = false;
    const connection = new Connection(host.open);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(host.attempts).toBeLessThan(12);
    const before = host.attempts;
    host.isUp = true;
    connection.retry();
    await settle();
    expect(host.attempts).toBe(before + 1);
    expect(connection.state).toBe('open');
  });

  test('tells a host that refuses from one that is away, and still tries', async () => {
    const host = new Host();
    const connection = new Connection(host.open);
    const told: [string, boolean][] = [];
    connection.onState((state) => told.push([state, connection.turnedAway]));
    await settle();
    host.down();
    await vi.advanceTimersByTimeAsync(1000);
    host.refuses = true;
    await vi.advanceTimersByTimeAsync(20_000);
    host.refuses = false;
    host.isUp = true;
    await vi.advanceTimersByTimeAsync(5000);
    expect(told).toEqual([
      ['open', false],
      ['lost', false],
      ['lost', true],
      ['open', false],
    ]);
  });

  test('a channel that is open by name only is given up', async () => {
    const host = new Host();
    const connection = new Connection(host.open);
    await settle();
    connection.drop();
    await vi.advanceTimersByTimeAsync(250);
    expect(host.attempts).toBe(2);
    expect(connection.state).toBe('open');
  });
});
