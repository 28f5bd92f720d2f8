/** The one explorer of the window, asking the real host. */
import { queriesUrl } from '../../../shared/api/files';
import { queryImageSchema, type QueryImage } from '../../../shared/explorer/search';
import { host, problemOf } from '../../lib/host/client';
import { fetchFromHost } from '../../lib/host/problem';
import { go, route } from '../../lib/router.svelte';
import { QueryDrop } from './drop-query.svelte';
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

const isShown = (): boolean => route.current.page === 'explore';

/** What is dropped on the window, whichever page it shows. */
export const drop = new QueryDrop(explore, upload, () => {
  // Copies of it are one answer, its neighbours are the other; the rest is not about a query.
  if (explore.tab !== 'copies' || !isShown()) explore.tab = 'neighbours';
  if (!isShown()) go('/explore');
});
