/** Finds the embedding set that a person means: by id, the beginning of an id, or "last". */
import { UserError } from '../../shared/errors';
import type { StoredSet } from '../store/embedding-sets';

/**
 * @param sets newest first.
 * @throws UserError (usage) where none or several match.
 */
export function findSet(sets: readonly StoredSet[], reference: string): StoredSet {
  const exact = sets.find(({ id }) => id === reference);
  if (exact) return exact;
  if (reference === 'last' && sets.length > 0) return sets[0];
  const found = sets.filter(({ id }) => reference !== '' && id.startsWith(reference));
  if (found.length === 1) return found[0];
  throw new UserError(
    found.length > 1
      ? `"${reference}" fits ${found.length} embedding sets: ${found.map(({ id }) => id).join(', ')}.`
      : `There is no embedding set "${reference}".`,
    'selvedge sets list shows them all; "last" is the newest.',
    'usage',
  );
}
