/** Pictures of images to search with, of sets as they are now. */
import type { ImageRef } from '../../../shared/explorer/search';
import { embeddingSets } from '../../lib/embedding-sets.svelte';
import { pictureOf } from './subject';

/** @param size of the longer side, px. @returns its address, which is another one once the set has changed. */
export const currentPicture = (ref: ImageRef, size: number): string =>
  pictureOf(ref, size, ref.kind === 'row' ? embeddingSets.byId(ref.set)?.updatedAt : undefined);
