/** From ids of sets and images to the folders and files that the search child opens. */
import type { ImageSource, SetSource } from '../../shared/explorer/requests';
import type { ImageRef } from '../../shared/explorer/search';
import { UserError } from '../../shared/errors';
import { encoderSource, datasetPath } from '../embedding/recipe';
import { namesOfSet } from '../embedding/describe-set';
import type { Host } from '../host';
import { setFolder } from '../library';

/** @throws UserError where there is no such set. */
export function setSource(host: Host, id: string): SetSource {
  const stored = host.store.sets.get(id);
  const { name, encoderName } = namesOfSet(host, stored);
  return {
    id,
    name,
    encoderName,
    folder: setFolder(host.library.folder, stored.id),
    encoder: encoderOf(host, stored.recipe.encoder),
  };
}

function encoderOf(host: Host, choice: Parameters<typeof encoderSource>[1]): SetSource['encoder'] {
  try {
    return encoderSource(host, choice);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { missing: error.message, hint: error.hint ?? null };
  }
}

/** @throws UserError where the set, data set, its image or the dropped file is not known. */
export async function imageSource(host: Host, ref: ImageRef, asked: ImagesAsked): Promise<ImageSource> {
  if (ref.kind === 'row') return { ...ref, set: setSource(host, ref.set) };
  if (ref.kind === 'query') return { kind: 'file', id: ref.id, ...asked.files.get(ref.id) };
  const path = datasetPath(host, ref.dataset);
  return { kind: 'dataset', path, name: await asked.nameOf(path, ref.index) };
}

export interface ImagesAsked {
  readonly files: QueryFiles;
  /** The path of an image inside of its data, as the child that shows it counts. @throws UserError where it is gone. */
  nameOf(path: string, index: number): Promise<string>;
}

/** Dropped files. */
export interface QueryFiles {
  /** @throws UserError where it is not kept any more. */
  get(id: string): { name: string; bytes: Uint8Array<ArrayBuffer> };
}
