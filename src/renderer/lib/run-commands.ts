/** What can be done to runs from anywhere, with what the user is told about it. */
import { canResume, isLive, type RunRow } from '../../shared/api/run-rows';
import { count } from './format';
import { host } from './host/client';
import { toast, toastProblem } from './toasts.svelte';

/** They vanish at once; the notice brings them back for as long as the host keeps them. */
export async function deleteRuns(rows: readonly RunRow[]): Promise<void> {
  const busy = rows.find(({ state }) => isLive(state));
  if (busy) {
    toast(`${busy.name} is training.`, { tone: 'error', hint: 'Stop it first, then delete it.' });
    return;
  }
  try {
    const { deleted, undoSeconds } = await host.runs.delete({ runs: rows.map(({ id }) => id) });
    const what = deleted.length === 1 ? rows[0].name : `${count(deleted.length)} runs`;
    toast(`Deleted ${what}.`, {
      seconds: undoSeconds,
      action: { title: 'Undo', run: () => host.runs.undelete({ runs: deleted }).catch(toastProblem) },
    });
  } catch (error) {
    toastProblem(error);
  }
}

export type RunVerb = 'stop' | 'pause' | 'unpause' | 'resume';

export const verbTitle: Record<RunVerb, string> = {
  pause: 'Pause',
  unpause: 'Go on',
  stop: 'Stop and keep a checkpoint',
  resume: 'Resume',
};

/** What can be asked of a run in this state, the likeliest first. */
export function verbsOf({ state }: RunRow): RunVerb[] {
  if (state === 'running') return ['pause', 'stop'];
  if (state === 'paused') return ['unpause', 'stop'];
  if (state === 'queued') return ['stop'];
  return canResume(state) ? ['resume'] : [];
}

/** Tells only what goes wrong: the row itself shows the rest. */
export async function command(verb: RunVerb, run: string): Promise<void> {
  try {
    await host.runs[verb]({ run });
  } catch (error) {
    toastProblem(error);
  }
}

/** Pins it, or takes the pin away. */
export async function pinBaseline({ id, isBaseline }: RunRow): Promise<void> {
  try {
    await host.runs.change({ run: id, isBaseline: !isBaseline });
  } catch (error) {
    toastProblem(error);
  }
}
