/** The groups of copies in a set from a threshold on, with what is known of their files and which one to keep. */
import { copiesFoundSchema, decodePairs, type CopyFacts } from '../../shared/explorer/copies';
import { CopyGrouping, type CopyCounts, type CopyGroup } from '../../shared/explorer/copy-groups';
import { startOf } from '../../shared/explorer/copy-threshold';
import { suggestKept, type KeepSuggestion } from '../../shared/explorer/keep';
import type { JobOptions } from '../encoder-jobs';
import type { Host } from '../host';
import { copyFacts, readPairs } from './copies';

export interface ListedGroup extends CopyGroup {
  /** Of the group's rows, in their order. */
  readonly images: readonly CopyFacts[];
  /** Null where no file of the group can be read. */
  readonly keep: KeepSuggestion | null;
}

export interface CopyList {
  /** Cosine from which on a pair counts. */
  readonly threshold: number;
  /** Lowest cosine that was looked for. */
  readonly floor: number;
  /** What calibration suggests as a threshold; null where that is unknown. */
  readonly suggested: number | null;
  readonly counts: CopyCounts;
  /** As CopyGrouping orders them. */
  readonly groups: readonly ListedGroup[];
}

/**
 * @param wanted cosine from which on a pair counts; where the app's slider begins where null. Below the floor it is the
 *   floor.
 * @throws UserError where copies were not looked for in this set, or what was found is damaged.
 */
export async function listCopies(
  host: Host,
  set: string,
  wanted: number | null,
  options: JobOptions = {},
): Promise<CopyList> {
  const pairs = decodePairs(readPairs(host, set).buffer);
  const { facts, count } = host.store.sets.get(set);
  const { floor, suggested } = copiesFoundSchema.parse(facts.copies);
  const threshold = Math.max(floor, wanted ?? startOf(pairs.score, { floor, suggested }, count));
  const grouping = new CopyGrouping(pairs);
  const groups = grouping.groupsAt(threshold);
  const rows = groups.flatMap((group) => group.rows);
  const known = rows.length > 0 ? await copyFacts(host, set, rows, options) : [];
  const factsOf = new Map(known.map((fact) => [fact.row, fact]));
  return {
    threshold,
    floor,
    suggested,
    counts: grouping.countsAt(threshold),
    groups: groups.map((group) => {
      const images = group.rows.map((row) => factsOf.get(row)!);
      return { ...group, images, keep: suggestKept(images) };
    }),
  };
}
