/** What to call a cluster: by the label that most of its labelled rows have. */
import type { MapInfo } from '../../shared/explorer/map';

export type NamedCluster = MapInfo['clusters'][number];

/**
 * @param clusters cluster numbers by row. @param labels class names by row, null for unlabelled.
 * @returns by cluster number. `purity` is the majority's share of the labelled rows; names are made unlike each other.
 */
export function nameClusters(
  clusters: ArrayLike<number>,
  labels: readonly (string | null)[],
): NamedCluster[] {
  const tallies: { count: number; labelled: number; byLabel: Map<string, number> }[] = [];
  for (let row = 0; row < clusters.length; row++) {
    const tally = (tallies[clusters[row]] ??= { count: 0, labelled: 0, byLabel: new Map() });
    const label = labels[row];
    tally.count++;
    if (label === null) continue;
    tally.labelled++;
    tally.byLabel.set(label, (tally.byLabel.get(label) ?? 0) + 1);
  }
  const used = new Map<string, number>();
  return tallies.map(({ count, labelled, byLabel }, number) => {
    // The first label by name among equally many.
    const [majority] = [...byLabel].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    if (labelled === 0) return { name: `Cluster ${number + 1}`, label: null, purity: null, count };
    const [label, votes] = majority;
    const times = (used.get(label) ?? 0) + 1;
    used.set(label, times);
    return { name: times === 1 ? label : `${label} ${times}`, label, purity: votes / labelled, count };
  });
}
