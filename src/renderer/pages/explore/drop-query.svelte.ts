/** The whole window takes images to search with: dropped, pasted, or picked in the system's dialog. */
import { problemOf } from '../../lib/host/client';
import { toast } from '../../lib/toasts.svelte';
import type { Explore } from './explore.svelte';
import { incoming, transferred, type Incoming } from './incoming';
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
  ) {}

  /** Searches with what came, or says why not. */
  async take(what: Incoming): Promise<void> {
    if (what.kind === 'refused') toast(what.message, { tone: 'error', hint: what.hint });
    if (what.kind !== 'images') return;
    this.busy = true;
    try {
      const images = await Promise.all(what.files.map((file) => this.upload(file)));
      this.explore.askAll(images.map(subjectOfUpload));
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

/** While the calling component lives, the window takes images. */
export function takeImages(drop: QueryDrop): void {
  $effect(() => {
    const ends = new AbortController();
    const { signal } = ends;
    let depth = 0;
    window.addEventListener(
      'dragenter',
      () => {
        depth++;
        drop.over = true;
      },
      { signal },
    );
    window.addEventListener('dragleave', () => (drop.over = --depth > 0), { signal });
    // Links too: they are refused with a reason, and must not take the window to another page.
    window.addEventListener('dragover', (event) => event.preventDefault(), { signal });
    window.addEventListener(
      'drop',
      (event) => {
        event.preventDefault();
        depth = 0;
        drop.over = false;
        if (event.dataTransfer) void drop.take(incoming(transferred(event.dataTransfer)));
      },
      { signal },
    );
    window.addEventListener(
      'paste',
      (event) => {
        if (!event.clipboardData || isField(event.target)) return;
        const what = incoming(transferred(event.clipboardData));
        if (what.kind !== 'nothing') event.preventDefault();
        void drop.take(what);
      },
      { signal },
    );
    return () => {
      ends.abort();
      drop.over = false;
    };
  });
}
