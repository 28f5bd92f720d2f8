/** The embedding sets of the library, kept true by what the host tells. */
import type { HostEvent } from '../../shared/api/events';
import type { EmbeddingSet } from '../../shared/explorer/sets';
import { host } from './host/client';
import { LiveList, withNews, type ListNews } from './live-list.svelte';

class EmbeddingSets extends LiveList<EmbeddingSet> {
  constructor() {
    super(() => host.explorer.sets.list(), newsOf);
  }

  /** What a procedure answered, before its event comes. */
  take(set: EmbeddingSet): void {
    this.list = withNews(this.list, { put: set });
  }
}

function newsOf(event: HostEvent): ListNews<EmbeddingSet> | null {
  if (event.type === 'embedding-set-removed') return { removed: event.set };
  return event.type === 'embedding-set' ? { put: event.set } : null;
}

export const embeddingSets = new EmbeddingSets();
