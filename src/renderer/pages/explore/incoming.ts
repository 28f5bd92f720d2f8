/** What was dropped or pasted: image files to search with, or why not. */
import { MAX_QUERIES_BYTES, MAX_QUERY_BYTES, MAX_QUERY_IMAGES } from '../../../shared/explorer/search';
import { bytes } from '../../lib/format';

/** The parts of a DataTransfer that decide. */
export interface Transferred {
  readonly files: readonly File[];
  /** Names of folders among what was dropped. */
  readonly folders: readonly string[];
  readonly types: readonly string[];
}

export type Incoming =
  | { readonly kind: 'images'; readonly files: readonly File[] }
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string }
  /** Nothing that was meant for a search: text, for example. */
  | { readonly kind: 'nothing' };

const refused = (message: string, hint: string): Incoming => ({ kind: 'refused', message, hint });

export function incoming({ files, folders, types }: Transferred): Incoming {
  if (folders.length > 0)
    return refused(
      `“${folders[0]}” is a folder, and one searches with images.`,
      'Drop it on the Data page to add it, then embed it.',
    );
  const tooLarge = files.find(({ size }) => size > MAX_QUERY_BYTES);
  if (tooLarge)
    return refused(
      `“${tooLarge.name}” has ${bytes(tooLarge.size)}, and a query takes at most ${bytes(MAX_QUERY_BYTES)}.`,
      'Save it smaller, or embed the folder it lies in and search from there.',
    );
  if (files.length > MAX_QUERY_IMAGES)
    return refused(
      `These are ${files.length} images, and one searches with at most ${MAX_QUERY_IMAGES}.`,
      'Drop fewer.',
    );
  const together = files.reduce((sum, { size }) => sum + size, 0);
  if (together > MAX_QUERIES_BYTES)
    return refused(
      `These ${files.length} images have ${bytes(together)} together, and one search takes at most ${bytes(MAX_QUERIES_BYTES)}.`,
      'Drop fewer, or save them smaller.',
    );
  if (files.length > 0) return { kind: 'images', files };
  if (types.includes('text/uri-list') || types.includes('text/html'))
    return refused(
      'That is only the address of a picture on the web, and Selvedge fetches nothing from the network.',
      'Save the picture and drop the file, or copy the picture itself and paste it.',
    );
  return { kind: 'nothing' };
}

/**
 * Whether what is held over the window is to search with, as far as that can be told before it is dropped.
 * @param addsData whether the page takes files as well, as data: only what is nothing but images is searched with then.
 */
export function isForSearch(
  { items, types }: Pick<DataTransfer, 'items' | 'types'>,
  addsData: boolean,
): boolean {
  const files = [...items].filter(({ kind }) => kind === 'file');
  if (files.length > 0) return !addsData || files.every(({ type }) => type.startsWith('image/'));
  // Browsers that hide what is held until it is dropped.
  if (types.includes('Files')) return !addsData;
  // Refused with the reason, and not followed to another page.
  return types.includes('text/uri-list');
}

/** @param data of a drop or a paste, read while its event is handled. */
export function transferred(data: DataTransfer): Transferred {
  const folders = [...data.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry?.isDirectory ? [entry.name] : [];
  });
  return { files: [...data.files], folders, types: [...data.types] };
}
