/** Adding data: by the system's dialog where there is one, by the folder picker elsewhere, or by dropping. */
import type { Dataset, Place } from '../../../shared/api/datasets';
import { host } from '../../lib/host/client';
import { toast, toastProblem } from '../../lib/toasts.svelte';

export class Adding {
  /** The folder picker is shown. */
  picking = $state(false);
  /** Why the picker opened by itself. */
  note = $state<string>();
  busy = $state(false);
  /** Something that can be added is held over the window. */
  over = $state(false);

  /** @param onadded told of each, while it is still being checked. */
  constructor(private readonly onadded: (dataset: Dataset) => void) {}

  /** Asks for a folder. */
  async choose(): Promise<void> {
    this.note = undefined;
    if (!window.selvedge) {
      this.picking = true;
      return;
    }
    await this.#addAll(window.selvedge.chooseFolder().then((place) => (place ? [place] : [])));
  }

  /** Asks for archives; in a browser the picker shows both. */
  async chooseArchives(): Promise<void> {
    if (!window.selvedge) return this.choose();
    await this.#addAll(window.selvedge.chooseArchives());
  }

  async picked(place: Place): Promise<void> {
    this.picking = false;
    await this.#addAll(Promise.resolve([place]));
  }

  async dropped(files: readonly File[]): Promise<void> {
    this.over = false;
    if (window.selvedge) return this.#addAll(window.selvedge.dropped(files));
    const name = files[0]?.name;
    this.note = `A browser does not tell where ${name ? `“${name}”` : 'it'} lies. Show it here, please.`;
    this.picking = true;
  }

  async #addAll(places: Promise<readonly Place[]>): Promise<void> {
    this.busy = true;
    try {
      for (const place of await places) {
        const dataset = await host.datasets.add({ place: place.id });
        toast(`Added ${dataset.name}. It is being checked.`);
        this.onadded(dataset);
      }
    } catch (error) {
      toastProblem(error);
    } finally {
      this.busy = false;
    }
  }
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

let targets = 0;

/** Whether something of the page takes folders and archives that are dropped. */
export const takesFolders = (): boolean => targets > 0;

/** The whole window takes folders and archives while the calling component lives. */
export function dropTarget(adding: Adding): void {
  $effect(() => {
    targets++;
    let depth = 0;
    const listeners: Record<string, (event: DragEvent) => void> = {
      dragenter: (event) => {
        if (!hasFiles(event)) return;
        depth++;
        adding.over = true;
      },
      dragleave: (event) => {
        if (hasFiles(event) && --depth <= 0) adding.over = false;
      },
      dragover: (event) => {
        if (hasFiles(event)) event.preventDefault();
      },
      drop: (event) => {
        depth = 0;
        if (!hasFiles(event)) return;
        event.preventDefault();
        void adding.dropped([...(event.dataTransfer?.files ?? [])]);
      },
    };
    for (const [name, listener] of Object.entries(listeners))
      window.addEventListener(name, listener as EventListener);
    return () => {
      targets--;
      for (const [name, listener] of Object.entries(listeners))
        window.removeEventListener(name, listener as EventListener);
    };
  });
}
