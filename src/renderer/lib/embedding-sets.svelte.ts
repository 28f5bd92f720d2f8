/** The embedding sets of the library, kept true by what the host tells. */
import type { HostEvent } from '../../shared/api/events';
import type { EmbeddingSet } from '../../shared/explorer/sets';
import { host, problemOf, type Problem } from './host/client';
import { live } from './host/live.svelte';

class EmbeddingSets {
  list: readonly EmbeddingSet[] = $state.raw([]);
  ready = $state(false);
  problem: Problem | null = $state.raw(null);

  constructor() {
    live.on((event) => {
      if (event.type === 'reset') void this.load();
      else this.list = withEvent(this.list, event);
    });
  }

  byId(id: string | null): EmbeddingSet | undefined {
    return this.list.find((set) => set.id === id);
  }

  /** What a procedure answered, before its event comes. */
  take(set: EmbeddingSet): void {
    this.list = withEvent(this.list, { type: 'embedding-set', set });
  }

  async load(): Promise<void> {
    const news: HostEvent[] = [];
    const stop = live.on((event) => news.push(event));
    try {
      const loaded: readonly EmbeddingSet[] = await host.explorer.sets.list();
      this.list = news.reduce(withEvent, loaded);
      this.ready = true;
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      stop();
    }
  }
}

function withEvent(list: readonly EmbeddingSet[], event: HostEvent): readonly EmbeddingSet[] {
  if (event.type === 'embedding-set-removed') return list.filter(({ id }) => id !== event.set);
  if (event.type !== 'embedding-set') return list;
  const known = list.some(({ id }) => id === event.set.id);
  return known ? list.map((set) => (set.id === event.set.id ? event.set : set)) : [...list, event.set];
}

export const embeddingSets = new EmbeddingSets();
