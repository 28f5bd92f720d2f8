/** The runs whose networks a new run can learn from or go on with. */
import type { RunRow } from '../../../shared/api/run-rows';
import { runs } from '../../lib/runs.svelte';

/** More would make the list too long to read; runs beyond are found on the Runs page. */
const MOST = 300;

/** Runs that have trained, newest first, and the chosen one whatever it is. @param chosen its id; null where there is none. */
export const trainedRuns = (chosen: string | null): readonly RunRow[] =>
  runs.rows.filter(({ step, id }) => step > 0 || id === chosen).slice(0, MOST);
