/** What going on with a run is called. */
import type { Checkpoint } from '../../../shared/api/runs';
import { count } from '../../lib/format';

/** "Resume from step 4,200", or what it comes to where there is no checkpoint. */
export function resumeTitle(checkpoints: readonly Checkpoint[]): string {
  const newest = newestOf(checkpoints);
  return newest ? `Resume from step ${count(newest.step)}` : 'Start again from the beginning';
}

const newestOf = (checkpoints: readonly Checkpoint[]): Checkpoint | undefined =>
  [...checkpoints].sort((a, b) => b.step - a.step)[0];
