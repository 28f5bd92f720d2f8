/** The whole window takes images to search with: dropped, pasted, or picked in the system's dialog. */
import { problemOf } from '../../lib/host/client';
import { toast } from '../../lib/toasts.svelte';
import type { Explore } from './explore.svelte';
import { incoming, isForSearch, transferred, type Incoming } from './incoming';
import { subjectOfUpload } from './subject';
import type { QueryImage } from '../../../shared/explorer/search';

export class QueryDrop {
  /** Something is held over the window. */
  over = $state(false);
  /** Images are on their way to the host. */
  busy = $state(false);

  constructor(
    private readonly explore: Explore,
    private readonly upload: (file: File) => Promise<QueryImage>,
    /** Leads to where the neighbours of what came are shown. */
    private readonly show: () => void,
  ) {}

  /** Searches with what came and shows it, or says why not. */
  async take(what: Incoming): Promise<void> {
    if (what.kind === 'refused') toast(what.message, { tone: 'error', hint: what.hint });
    if (what.kind !== 'images') return;
    this.busy = true;
    try {
      const images = await Promise.all(what.files.map((file) => this.upload(file)));
      this.explore.askAll(images.map(subjectOfUpload));
      this.show();
    } catch (error) {
      const { message, hint } = problemOf(error);
      toast(message, { tone: 'error', hint: hint ?? undefined });
    } finally {
      this.busy = false;
    }
  }

  /** @param files of an input, or a part of a page. */
  pick(files: readonly File[]): Promise<void> {
    return this.take(incoming({ files, folders: [], types: [] }));
  }
}

/** Text fields take what is pasted into them. */
const isField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input:not([type=range]), textarea, select') !== null;

/**
 * While the calling component lives, the window takes images, whichever page it shows.
 * @param addsData whether something of the page takes folders and archives as well.
 * @param isExplore whether it is the page that images are searched with on: there a paste of anything else is told why not.
 */
export function takeImages(drop: QueryDrop, addsData: () => boolean, isExplore: () => boolean): void {
  $effect(() => {
    const ends = new AbortController();
    /** Something of this window is dragged: a chart to another place, or a link. */
    let isOwn = false;
    let depth = 0;
    // Before all others: what is taken here is not for them.
    const listen = <K extends keyof WindowEventMap>(
      name: K,
      take: (event: WindowEventMap[K]) => void,
    ): void => window.addEventListener(name, take, { signal: ends.signal, capture: true });
    const claims = (event: DragEvent): boolean => {
      const { dataTransfer: data } = event;
      if (isOwn || !data || !isForSearch(data, addsData())) return false;
      // A field takes the text of a link.
      if (!data.types.includes('Files') && isField(event.target)) return false;
      event.stopImmediatePropagation();
      return true;
    };
    const leave = (): void => {
      depth = 0;
      drop.over = false;
    };
    listen('pointerdown', () => (isOwn = false));
    listen('dragstart', () => (isOwn = true));
    listen('dragend', () => (isOwn = false));
    listen('dragenter', (event) => {
      if (!claims(event)) return;
      depth++;
      drop.over = true;
    });
    listen('dragleave', (event) => {
      if (depth === 0) return;
      event.stopImmediatePropagation();
      if (--depth === 0) leave();
    });
    listen('dragover', (event) => {
      // Else the browser opens the file, or follows the link, in place of the app.
      if (claims(event)) event.preventDefault();
    });
    listen('drop', (event) => {
      leave();
      if (!claims(event)) return;
      event.preventDefault();
      if (event.dataTransfer) void drop.take(incoming(transferred(event.dataTransfer)));
    });
    listen('paste', (event) => {
      if (!event.clipboardData || isField(event.target)) return;
      const what = incoming(transferred(event.clipboardData));
      if (what.kind === 'nothing' || (what.kind === 'refused' && !isExplore())) return;
      event.preventDefault();
      void drop.take(what);
    });
    return () => {
      ends.abort();
      drop.over = false;
    };
  });
}
