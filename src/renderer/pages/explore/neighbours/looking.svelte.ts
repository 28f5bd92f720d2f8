/** Where the encoder looks in the query: asked for when it is shown, and again when the query changes. */
import type { Attention, ImageRef } from '../../../../shared/explorer/search';
import { host, problemOf, type Problem } from '../../../lib/host/client';

export class Looking {
  shown = $state(false);
  latest: Attention | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  busy = $state(false);
  /** Place of the map that is shown: 0 is the mean. */
  map = $state(0);
  /** Share of the mass that is shown. */
  mass = $state(0.6);

  #asking: symbol | null = null;

  async ask(set: string, image: ImageRef, other: ImageRef | null): Promise<void> {
    const mine = (this.#asking = Symbol('attention'));
    this.busy = true;
    try {
      const attention = await host.explorer.attention({ set, image, other });
      if (this.#asking !== mine) return;
      if (this.map >= attention.maps.length) this.map = 0;
      this.latest = attention;
      this.problem = null;
    } catch (error) {
      if (this.#asking !== mine) return;
      this.latest = null;
      this.problem = problemOf(error);
    }
    this.busy = false;
  }

  /** What is shown belongs to the query before. */
  forget(): void {
    this.#asking = null;
    this.latest = this.problem = null;
    this.busy = false;
  }
}
