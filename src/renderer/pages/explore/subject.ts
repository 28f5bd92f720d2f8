/** An image that is searched with, as the page knows it: what the host is asked with, and what is shown of it. */
import { queryPictureUrl, rowPictureUrl, thumbnailUrl } from '../../../shared/api/files';
import type { ImageRef, QueryImage, Result } from '../../../shared/explorer/search';

export interface Subject {
  readonly ref: ImageRef;
  /** Path inside of the data set, or the name of the file that was dropped. */
  readonly name: string;
  /** Class name, where it is known. */
  readonly label: string | null;
  /** What the host said of a dropped image. */
  readonly image: QueryImage | null;
}

/**
 * @param size of the longer side, px.
 * @param version of the set that a row is of, its `updatedAt`: another one has other pictures.
 */
export function pictureOf(ref: ImageRef, size: number, version?: number): string {
  switch (ref.kind) {
    case 'query':
      return queryPictureUrl(ref.id, size);
    case 'row':
      return rowPictureUrl(ref.set, ref.row, size, { name: ref.name, version });
    case 'dataset':
      // The host makes none larger of these.
      return thumbnailUrl(ref.dataset, ref.index, Math.min(size, 256));
  }
}

/** As an address has it: "query:<id>", "row:<set>:<row>:<name>", "dataset:<id>:<index>". */
export function refText(ref: ImageRef): string {
  switch (ref.kind) {
    case 'query':
      return `query:${ref.id}`;
    case 'row':
      return ['row', ref.set, ref.row, ...(ref.name === undefined ? [] : [ref.name])].join(':');
    case 'dataset':
      return `dataset:${ref.dataset}:${ref.index}`;
  }
}

/** Null where the text names no image. */
export function parseRef(text: string): ImageRef | null {
  const [kind, id = '', place, ...rest] = text.split(':');
  if (!/^[\w-]{1,64}$/.test(id)) return null;
  if (kind === 'query') return place === undefined ? { kind, id } : null;
  if (place === undefined || !/^\d{1,9}$/.test(place)) return null;
  // A path may have colons of its own; addresses of before have none of it.
  const name = rest.length > 0 ? { name: rest.join(':') } : {};
  if (kind === 'row') return { kind, set: id, row: Number(place), ...name };
  if (kind === 'dataset' && rest.length === 0) return { kind, dataset: id, index: Number(place) };
  return null;
}

export const subjectOfRow = ({
  set,
  row,
  name,
  label,
}: Pick<Result, 'set' | 'row' | 'name' | 'label'>): Subject => ({
  ref: { kind: 'row', set, row, name },
  name,
  label,
  image: null,
});

export const subjectOfUpload = (image: QueryImage): Subject => ({
  ref: { kind: 'query', id: image.id },
  name: image.name,
  label: null,
  image,
});

/** For an image that only an address names. */
export function subjectOfRef(ref: ImageRef): Subject {
  const name =
    ref.kind === 'query'
      ? 'Dropped image'
      : ref.kind === 'row'
        ? (ref.name ?? `Image ${ref.row + 1}`)
        : `Image ${ref.index + 1}`;
  return { ref, name, label: null, image: null };
}

/** Rows are the same by their names where both are known: their numbers change. */
export function isSame({ ref: a }: Subject, { ref: b }: Subject): boolean {
  if (a.kind === 'row' && b.kind === 'row' && a.name !== undefined && b.name !== undefined)
    return a.set === b.set && a.name === b.name;
  return placeText(a) === placeText(b);
}

const placeText = (ref: ImageRef): string => refText(ref.kind === 'row' ? { ...ref, name: undefined } : ref);

/** The last part of a path. */
export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
