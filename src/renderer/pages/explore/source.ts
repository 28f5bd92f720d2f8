/** The one explorer of the window, asking the real host. */
import { queriesUrl } from '../../../shared/api/files';
import { queryImageSchema, type QueryImage } from '../../../shared/explorer/search';
import { host, problemOf } from '../../lib/host/client';
import { fetchFromHost } from '../../lib/host/problem';
import { Explore } from './explore.svelte';
import { SetImages } from './set-images.svelte';

export const explore = new Explore({ search: (query) => host.explorer.search(query), problemOf });

/** Of the set that is looked at. */
export const setImages = new SetImages();

/** Has a set and its encoder opened before the first image comes. What fails is told by the query that needs it. */
export function prepare(set: string | null): void {
  if (set !== null) host.explorer.prepare({ set }).catch(() => undefined);
}

/**
 * Sends an image to search with.
 * @throws HostError with the host's reason where it is none.
 */
export async function upload(file: File): Promise<QueryImage> {
  const response = await fetchFromHost(queriesUrl(file.name), { method: 'POST', body: file });
  return queryImageSchema.parse(await response.json());
}
