/** Where training waits while the host wants it to: between two steps, with all it has in memory. */
import type { Channel } from './channel';

export class PauseGate {
  private wanted = false;
  private open: (() => void) | undefined;

  pause(): void {
    this.wanted = true;
  }

  unpause(): void {
    this.wanted = false;
    this.open?.();
  }

  /**
   * Goes on at once, unless a pause is wanted: then says so and waits until it is over or `signal` is aborted.
   * @returns true where it has waited.
   */
  async pass(channel: Channel, signal: AbortSignal): Promise<boolean> {
    if (!this.wanted || signal.aborted) return false;
    channel.send({ type: 'paused' });
    await new Promise<void>((resolve) => {
      const open = () => {
        signal.removeEventListener('abort', open);
        resolve();
      };
      this.open = open;
      signal.addEventListener('abort', open);
    });
    channel.send({ type: 'unpaused' });
    return true;
  }
}
