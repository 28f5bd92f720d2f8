/** The data sets of the library, kept true by what the host tells. */
import type { Dataset } from '../../shared/api/datasets';
import type { HostEvent } from '../../shared/api/events';
import { host, problemOf, type Problem } from './host/client';
import { live } from './host/live.svelte';

class Datasets {
  list: readonly Dataset[] = $state.raw([]);
  ready = $state(false);
  problem: Problem | null = $state.raw(null);

  constructor() {
    live.on((event) => {
      if (event.type === 'reset') void this.load();
      else this.list = withEvent(this.list, event);
    });
  }

  /** @param path as a run's configuration has it: absolute, or "sample". */
  byPath(path: string): Dataset | undefined {
    return this.list.find((dataset) => dataset.path === path);
  }

  byId(id: string): Dataset | undefined {
    return this.list.find((dataset) => dataset.id === id);
  }

  async load(): Promise<void> {
    const news: HostEvent[] = [];
    const stop = live.on((event) => news.push(event));
    try {
      const loaded: readonly Dataset[] = await host.datasets.list();
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

function withEvent(list: readonly Dataset[], event: HostEvent): readonly Dataset[] {
  if (event.type === 'dataset-removed') return list.filter(({ id }) => id !== event.dataset);
  if (event.type !== 'dataset') return list;
  const known = list.some(({ id }) => id === event.dataset.id);
  return known
    ? list.map((dataset) => (dataset.id === event.dataset.id ? event.dataset : dataset))
    : [...list, event.dataset];
}

export const datasets = new Datasets();
