/** The folders that a set's images lie in, to be filtered by. */
import type { SetImage } from '../../../../shared/explorer/sets';

export interface FolderCount {
  /** Ends with a slash: what the paths of its images begin with. */
  readonly path: string;
  /** Images in it and below it. */
  readonly count: number;
}

/** Every folder at any depth, by path. */
export function foldersOf(images: readonly Pick<SetImage, 'name'>[]): FolderCount[] {
  const counts = new Map<string, number>();
  for (const { name } of images)
    for (let end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      const path = name.slice(0, end + 1);
      counts.set(path, (counts.get(path) ?? 0) + 1);
    }
  return [...counts]
    .map(([path, count]) => ({ path, count }))
    .sort((a, b) => a.path.localeCompare(b.path, 'en'));
}
