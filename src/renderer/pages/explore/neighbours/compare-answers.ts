/** Two encoders' answers to one query: how much they share, and where each result went. */
import type { Result } from '../../../../shared/explorer/search';

/** A result's move from the first list to the second: `by` ranks, positive upwards. */
export type RankChange =
  { readonly kind: 'same' | 'new' | 'gone' } | { readonly kind: 'up' | 'down'; readonly by: number };

export interface Comparison {
  /** Results of the longer list, the query itself left out: what `shared` is a part of. */
  readonly of: number;
  readonly shared: number;
  /** overlap@k, shared / of; null where nothing was found. */
  readonly overlap: number | null;
  /** By key: for results of the first list "gone" or where they went, for those only in the second "new". */
  readonly changes: ReadonlyMap<string, RankChange>;
}

/** @param keyOf the same for the same image in both lists, whichever set it is a row of. */
export function compareAnswers(
  first: readonly Result[],
  second: readonly Result[],
  keyOf: (result: Result) => string,
): Comparison {
  const before = placesOf(first, keyOf);
  const after = placesOf(second, keyOf);
  const changes = new Map<string, RankChange>();
  let shared = 0;
  for (const [key, place] of before) {
    const there = after.get(key);
    if (there === undefined) {
      changes.set(key, { kind: 'gone' });
      continue;
    }
    shared++;
    const by = place - there;
    changes.set(key, by === 0 ? { kind: 'same' } : { kind: by > 0 ? 'up' : 'down', by: Math.abs(by) });
  }
  for (const key of after.keys()) if (!before.has(key)) changes.set(key, { kind: 'new' });
  const of = Math.max(before.size, after.size);
  return { of, shared, overlap: of === 0 ? null : shared / of, changes };
}

/** Places from 0 among the results that are not the query. */
function placesOf(results: readonly Result[], keyOf: (result: Result) => string): Map<string, number> {
  const keys = results.filter(({ isQuery }) => !isQuery).map(keyOf);
  return new Map(keys.map((key, place) => [key, place]));
}
