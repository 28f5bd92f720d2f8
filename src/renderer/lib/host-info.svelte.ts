/** Which host this is, and whether it may write. */
import type { HostInfo } from '../../shared/api/host';
import { host } from './host/client';
import { live } from './host/live.svelte';

class HostInfoStore {
  /** Null until the host has answered. */
  current: HostInfo | null = $state.raw(null);

  constructor() {
    live.on((event) => {
      if (event.type === 'host') this.current = event.host;
      if (event.type === 'reset') void this.#load();
    });
  }

  /** Why nothing can be changed; undefined where it can. */
  get readOnly(): string | undefined {
    return this.current?.writable === false ? (this.current.readOnlyReason ?? 'Read only') : undefined;
  }

  /** @throws HostError where the library still belongs to another. */
  async claim(): Promise<void> {
    this.current = await host.host.claim();
  }

  /** Lets the runs start that wait from last time. */
  async startQueue(): Promise<void> {
    this.current = await host.runs.startQueue();
  }

  async #load(): Promise<void> {
    try {
      this.current = await host.host.info();
    } catch {
      // Null or the last known, until the connection is back and brings a reset.
    }
  }
}

export const hostInfo = new HostInfoStore();
