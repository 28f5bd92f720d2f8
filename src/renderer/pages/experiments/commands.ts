/** What one does with a started experiment: each asks the host and tells what went wrong. */
import type { StartedExperiment } from '../../../shared/api/experiments';
import { canResume, isLive } from '../../../shared/api/run-rows';
import type { Action } from '../../lib/actions.svelte';
import { host } from '../../lib/host/client';
import { comparePath, go } from '../../lib/router.svelte';
import { toastProblem } from '../../lib/toasts.svelte';
import { openExperiments } from './experiments.svelte';
import { experimentPath } from './names';

/** Shows why not where it fails. */
async function attempt(work: () => Promise<StartedExperiment>): Promise<void> {
  try {
    openExperiments().started.take(await work());
  } catch (error) {
    toastProblem(error);
  }
}

const stop = ({ id }: StartedExperiment): Promise<void> => attempt(() => host.experiments.stop({ name: id }));
const goOn = ({ id }: StartedExperiment): Promise<void> =>
  attempt(() => host.experiments.continue({ name: id }));

/** The runs that there are, in the order of the stages. */
export const runsOf = ({ stages }: StartedExperiment): string[] => stages.flatMap(({ run }) => run ?? []);

type ExperimentActionId =
  'experiment.stop' | 'experiment.continue' | 'experiment.compare' | 'experiment.another';

/** Those that make sense in its state. @param locked why nothing can be changed. */
export function experimentActions(
  experiment: StartedExperiment,
  locked: string | undefined,
): (Action & { id: ExperimentActionId })[] {
  const { state, id, experiment: definition } = experiment;
  const group = 'Experiment';
  const runs = runsOf(experiment);
  const actions: ((Action & { id: ExperimentActionId }) | false)[] = [
    (isLive(state) || state === 'queued') && {
      id: 'experiment.stop',
      title: `Stop ${id}`,
      group,
      keys: ['s'],
      disabled: locked,
      run: () => stop(experiment),
    },
    canResume(state) && {
      id: 'experiment.continue',
      title: `Continue ${id}`,
      group,
      keys: ['r'],
      disabled: locked,
      run: () => goOn(experiment),
    },
    {
      id: 'experiment.compare',
      title: 'Compare its runs',
      group,
      keys: ['c'],
      run: () => go(comparePath(runs)),
    },
    {
      id: 'experiment.another',
      title: 'Start it another time',
      group,
      keys: ['n'],
      run: () => go(experimentPath(definition)),
    },
  ];
  return actions.filter((action) => action !== false);
}
