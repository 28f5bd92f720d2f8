/** What is said of an image of the map: its file, its class, its cluster, and its score where it has one. */
import type { SetImage } from '../../../../shared/explorer/sets';
import type { LoadedMap } from './set-map.svelte';

export interface Caption {
  readonly name: string;
  readonly about: string;
}

export function captionsOf(
  images: readonly SetImage[],
  map: Pick<LoadedMap, 'info' | 'points'> | null,
  scores: ReadonlyMap<number, number> | null,
): (row: number) => Caption {
  return (row) => {
    const image = images.at(row);
    const cluster = map?.info.clusters[map.points.cluster[row]];
    const score = scores?.get(row);
    const parts = [
      image?.label ?? 'No class',
      cluster && cluster.name !== image?.label && `cluster ${cluster.name}`,
      score !== undefined && `score ${score.toFixed(3)}`,
    ].filter((part) => typeof part === 'string');
    return { name: image?.name ?? `Image ${row + 1}`, about: parts.join(' · ') };
  };
}
