/** The settings of the library. */
import { settingsSchema, type Settings } from '../../shared/api/host';
import { host } from './host/client';
import { live } from './host/live.svelte';

class SettingsStore {
  /** The defaults until the host has answered. */
  current: Settings = $state.raw(settingsSchema.parse({}));
  ready = $state(false);

  constructor() {
    live.on((event) => {
      if (event.type === 'settings') this.current = event.settings;
      if (event.type === 'reset') void this.#load();
    });
  }

  /**
   * Shown at once, taken back where the host refuses.
   * @throws HostError where it does.
   */
  async change(patch: Partial<Settings>): Promise<void> {
    const before = this.current;
    this.current = { ...before, ...patch };
    try {
      this.current = await host.host.changeSettings(patch);
    } catch (error) {
      this.current = before;
      throw error;
    }
  }

  async #load(): Promise<void> {
    try {
      this.current = await host.host.settings();
      this.ready = true;
    } catch {
      // The defaults, until the connection is back and brings a reset.
    }
  }
}

export const settings = new SettingsStore();
