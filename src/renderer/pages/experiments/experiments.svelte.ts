/** The experiments that there are and those that were started, kept true by what the host tells. */
import type { StartedExperiment } from '../../../shared/api/experiments';
import type { HostEvent } from '../../../shared/api/events';
import type { Experiment } from '../../../shared/experiment';
import { host, problemOf, type Problem } from '../../lib/host/client';
import { LiveList, withNews, type ListNews } from '../../lib/live-list.svelte';

class StartedExperiments extends LiveList<StartedExperiment> {
  constructor() {
    super(() => host.experiments.list(), newsOf);
  }

  /** What a procedure answered, before its event comes. */
  take(experiment: StartedExperiment): void {
    this.list = withNews(this.list, { put: experiment });
  }

  /** Newest first. */
  of(experiment: string): StartedExperiment[] {
    return this.list
      .filter((one) => one.experiment === experiment)
      .sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1));
  }
}

function newsOf(event: HostEvent): ListNews<StartedExperiment> | null {
  if (event.type === 'experiment-removed') return { removed: event.experiment };
  return event.type === 'experiment' ? { put: event.experiment } : null;
}

class Experiments {
  /** In the order in which they are offered. */
  catalogue: readonly Experiment[] = $state.raw([]);
  problem: Problem | null = $state.raw(null);
  readonly started = new StartedExperiments();

  async load(): Promise<void> {
    try {
      this.catalogue = await host.experiments.catalogue();
      this.problem = null;
      await this.started.load();
    } catch (error) {
      this.problem = problemOf(error);
    }
  }
}

let known: Experiments | undefined;

/** Made when the page is first shown: the start of the app does not wait for them. */
export function openExperiments(): Experiments {
  if (!known) {
    known = new Experiments();
    void known.load();
  } else if (known.problem) void known.load();
  return known;
}
