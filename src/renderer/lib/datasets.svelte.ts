/** The data sets of the library, kept true by what the host tells. */
import type { Dataset } from '../../shared/api/datasets';
import type { HostEvent } from '../../shared/api/events';
import { host } from './host/client';
import { LiveList, type ListNews } from './live-list.svelte';

class Datasets extends LiveList<Dataset> {
  constructor() {
    super(() => host.datasets.list(), newsOf);
  }

  /** @param path as a run's configuration has it: absolute, or "sample". */
  byPath(path: string): Dataset | undefined {
    return this.list.find((dataset) => dataset.path === path);
  }
}

function newsOf(event: HostEvent): ListNews<Dataset> | null {
  if (event.type === 'dataset-removed') return { removed: event.dataset };
  return event.type === 'dataset' ? { put: event.dataset } : null;
}

export const datasets = new Datasets();
