/** What the sets that are searched together can be filtered by: their classes, and the folders of their images. */
import type { EmbeddingSet, SetImage } from '../../../../shared/explorer/sets';

export interface FolderCount {
  /** Ends with a slash: what the paths of its images begin with. */
  readonly path: string;
  /** Images in it and below it. */
  readonly count: number;
}

/**
 * Of all sets, each once: those of the first in its order, then what only others have.
 * @param chosen stays among them, so that it can be taken away, also where no set has it any more.
 * @returns null where there are no classes.
 */
export function classesOf(
  sets: readonly Pick<EmbeddingSet, 'classes'>[],
  chosen: readonly string[],
): string[] | null {
  const names = [...new Set([...sets.flatMap(({ classes }) => classes ?? []), ...chosen])];
  return names.length > 0 ? names : null;
}

/**
 * Every folder at any depth, by path.
 * @param chosen is among them, also where no image lies in it any more.
 */
export function foldersOf(
  images: readonly Pick<SetImage, 'name'>[],
  chosen: readonly string[] = [],
): FolderCount[] {
  const counts = new Map<string, number>(chosen.map((path) => [path, 0]));
  for (const { name } of images)
    for (let end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      const path = name.slice(0, end + 1);
      counts.set(path, (counts.get(path) ?? 0) + 1);
    }
  return [...counts]
    .map(([path, count]) => ({ path, count }))
    .sort((a, b) => a.path.localeCompare(b.path, 'en'));
}
