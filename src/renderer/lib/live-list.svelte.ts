/** Things of the library in a list, loaded once and from then on kept true by what the host tells. */
import type { HostEvent } from '../../shared/api/events';
import { problemOf, type Problem } from './host/client';
import { live } from './host/live.svelte';

/** What an event says of such a list: one thing as it is now, or the id of one that is gone. */
export type ListNews<T> = { readonly put: T } | { readonly removed: string };

export class LiveList<T extends { readonly id: string }> {
  list: readonly T[] = $state.raw([]);
  ready = $state(false);
  problem: Problem | null = $state.raw(null);

  /** @param newsOf null for events of other things. */
  constructor(
    private readonly ask: () => Promise<readonly T[]>,
    private readonly newsOf: (event: HostEvent) => ListNews<T> | null,
  ) {
    live.on((event) => {
      if (event.type === 'reset') void this.load();
      else this.list = this.withEvent(this.list, event);
    });
  }

  byId(id: string | null): T | undefined {
    return this.list.find((thing) => thing.id === id);
  }

  async load(): Promise<void> {
    const news: HostEvent[] = [];
    const stop = live.on((event) => news.push(event));
    try {
      const loaded = await this.ask();
      this.list = news.reduce((list, event) => this.withEvent(list, event), loaded);
      this.ready = true;
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      stop();
    }
  }

  private withEvent(list: readonly T[], event: HostEvent): readonly T[] {
    const news = this.newsOf(event);
    return news ? withNews(list, news) : list;
  }
}

/** A thing that is new comes last. */
export function withNews<T extends { readonly id: string }>(
  list: readonly T[],
  news: ListNews<T>,
): readonly T[] {
  if ('removed' in news) return list.filter(({ id }) => id !== news.removed);
  const { put } = news;
  return list.some(({ id }) => id === put.id)
    ? list.map((thing) => (thing.id === put.id ? put : thing))
    : [...list, put];
}
