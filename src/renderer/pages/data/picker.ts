/** What the folder picker shows and how its keys move through it. */
import type { FolderListing, Place } from '../../../shared/api/datasets';

export interface PickerRow {
  readonly place: Place;
  readonly kind: 'folder' | 'archive';
}

export const rowsOf = ({ folders, archives }: FolderListing): PickerRow[] => [
  ...folders.map((place): PickerRow => ({ place, kind: 'folder' })),
  ...archives.map((place): PickerRow => ({ place, kind: 'archive' })),
];

/** Where an arrow, Home, End or page key leads from row `index`; undefined for other keys. */
export function moved(key: string, index: number, rows: number, pageSize: number): number | undefined {
  const to = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + pageSize,
    PageUp: index - pageSize,
  }[key];
  if (to !== undefined) return Math.max(0, Math.min(rows - 1, to));
  return { Home: 0, End: rows - 1 }[key];
}

/** Milliseconds after which typed letters begin anew. */
const PAUSE = 800;

/** Finds a row by the letters typed one after the other. */
export class TypeAhead {
  #text = '';
  #at = -Infinity;

  /** @returns the next row whose name begins with what was typed; the same letter again goes on to the next one. */
  find(letter: string, rows: readonly PickerRow[], from: number, now: number): number | undefined {
    this.#text = now - this.#at > PAUSE ? letter : this.#text + letter;
    this.#at = now;
    const same = this.#text === letter.repeat(this.#text.length / letter.length);
    const text = (same ? letter : this.#text).toLowerCase();
    // One letter looks behind the present row, more of them may still mean it.
    const first = same ? from + 1 : from;
    const order = rows.map((_, index) => (index + Math.max(0, first)) % rows.length);
    return order.find((index) => rows[index]?.place.name.toLowerCase().startsWith(text));
  }
}

/** What may be chosen here, in words: "312 images", "2 folders, 1 archive". */
export function contentsOf({ folders, archives, images }: FolderListing): string {
  const parts = [
    images > 0 && counted(images, 'image'),
    folders.length > 0 && counted(folders.length, 'folder'),
    archives.length > 0 && counted(archives.length, 'archive'),
  ].filter((part) => part !== false);
  return parts.join(', ') || 'nothing to show';
}

export const counted = (count: number, thing: string, things = `${thing}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? thing : things}`;
