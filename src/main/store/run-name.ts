/** Names of runs: chosen by people, and unique, so that a name means one run. */
import { UserError } from '../../shared/errors';
import type { Db } from './database';

/**
 * The name without spaces around it.
 * @param run that the name is for, where it is there already.
 * @throws UserError (usage) where it is empty, means something else, or is taken.
 */
export function checkedName(db: Db, name: string, run?: string): string {
  const trimmed = name.trim();
  const problem =
    trimmed === ''
      ? 'is empty'
      : trimmed === 'last'
        ? 'stands for the newest run'
        : takenBy(db, trimmed, run);
  if (problem) throw new UserError(`The name "${name}" ${problem}.`, 'Choose another name.', 'usage');
  return trimmed;
}

/** A deleted run keeps its name as long as it can be brought back. */
function takenBy(db: Db, name: string, run = ''): string | undefined {
  return db
    .prepare<{ name: string; run: string }, string>(
      `SELECT 'is taken by run ' || id || iif(deleted_at IS NULL, '', ', which was deleted a moment ago')
       FROM runs WHERE (name = :name OR id = :name) AND id <> :run LIMIT 1`,
    )
    .pluck()
    .get({ name, run });
}
