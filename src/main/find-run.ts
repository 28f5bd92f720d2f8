/** Finds the run that a person means: by id, name, the beginning of an id, or "last". */
import { nearest, UserError } from '../shared/errors';
import type { RunSummary } from './store/runs';

/**
 * @param runs newest first.
 * @throws UserError (usage) where none or several match.
 */
export function findRun(runs: readonly RunSummary[], reference: string): RunSummary {
  const exact = runs.find((run) => run.id === reference);
  if (exact) return exact;
  if (reference === 'last' && runs.length) return runs[0];
  const named = runs.filter((run) => run.name === reference);
  const found = named.length ? named : runs.filter((run) => reference && run.id.startsWith(reference));
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    const shown = found.slice(0, 5).map((run) => run.id);
    throw new UserError(
      `"${reference}" fits ${found.length} runs: ${shown.join(', ')}${found.length > 5 ? ', ...' : ''}.`,
      'Give more of the id, or "last" for the newest run.',
      'usage',
    );
  }
  const guess = nearest(
    reference,
    runs.flatMap((run) => [run.name, run.id]),
  );
  throw new UserError(
    runs.length
      ? `There is no run "${reference}".`
      : `There is no run "${reference}": the library has no runs.`,
    guess
      ? `Did you mean ${guess}? selvedge runs list shows them all.`
      : 'selvedge runs list shows them all.',
    'usage',
  );
}
