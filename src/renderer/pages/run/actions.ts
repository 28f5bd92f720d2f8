/** What can be done with a run: for buttons, menus, the palette and the keys alike. */
import { pointsCsvUrl } from '../../../shared/api/files';
import { canResume, isLive, type RunRow } from '../../../shared/api/run-rows';
import type { Checkpoint } from '../../../shared/api/runs';
import type { Action } from '../../lib/actions.svelte';
import { go } from '../../lib/router.svelte';
import { deleteRuns } from '../../lib/run-commands';
import { saveFromHost } from '../../lib/save';
import {
  branchHref,
  duplicateHref,
  exploreHref,
  exportEncoder,
  fineTuneHref,
  kill,
  pauseOrContinue,
  resume,
  stop,
} from './commands';
import { resumeTitle } from './resume-title';

export interface RunContext {
  readonly row: RunRow;
  readonly checkpoints: readonly Checkpoint[];
  /** Why nothing can be changed. */
  readonly locked: string | undefined;
  /** Asks for the runs to compare with. */
  readonly compare: () => void;
}

export type RunActionId =
  | 'run.pause'
  | 'run.stop'
  | 'run.kill'
  | 'run.resume'
  | 'run.branch'
  | 'run.fine-tune'
  | 'run.explore'
  | 'run.duplicate'
  | 'run.export-onnx'
  | 'run.export-safetensors'
  | 'run.export-points'
  | 'run.compare'
  | 'run.delete';
export type RunAction = Action & { id: RunActionId };

/** Those that make sense in the run's state. */
export function runActions({ row, checkpoints, locked, compare }: RunContext): RunAction[] {
  const { id, state } = row;
  const live = isLive(state);
  const group = 'Run';
  const noWeights = checkpoints.length === 0 ? 'There is no checkpoint yet.' : undefined;
  const actions: (RunAction | false)[] = [
    live && {
      id: 'run.pause',
      title: state === 'paused' ? 'Continue' : 'Pause',
      group,
      keys: ['p'],
      disabled: locked,
      run: () => pauseOrContinue(row),
    },
    (live || state === 'queued') && {
      id: 'run.stop',
      title: live ? 'Stop after a checkpoint' : 'Take out of the queue',
      group,
      keys: ['s'],
      disabled: locked,
      run: () => stop(row),
    },
    live && {
      id: 'run.kill',
      title: 'Stop at once, without a checkpoint',
      group,
      disabled: locked,
      run: () => kill(row),
    },
    canResume(state) && {
      id: 'run.resume',
      title: resumeTitle(checkpoints),
      group,
      keys: ['r'],
      disabled: locked,
      run: () => resume(row),
    },
    {
      id: 'run.branch',
      title: 'Branch from the last checkpoint',
      group,
      keys: ['b'],
      disabled: locked ?? noWeights,
      run: () => go(branchHref(id, 'last')),
    },
    {
      id: 'run.fine-tune',
      title: 'Fine-tune from here',
      group,
      keys: ['f'],
      disabled: locked ?? noWeights,
      run: () => go(fineTuneHref(id, 'last')),
    },
    {
      id: 'run.explore',
      title: 'Explore the last checkpoint',
      group,
      keys: ['v'],
      disabled: noWeights,
      run: () => go(exploreHref(id, lastStep(checkpoints))),
    },
    {
      id: 'run.duplicate',
      title: 'Duplicate with changes',
      group,
      keys: ['d'],
      disabled: locked,
      run: () => go(duplicateHref(id)),
    },
    {
      id: 'run.export-onnx',
      title: 'Export the encoder as ONNX',
      group,
      keys: ['e'],
      disabled: locked ?? noWeights,
      run: () => exportEncoder(row, 'last', 'onnx'),
    },
    {
      id: 'run.export-safetensors',
      title: 'Export the encoder as safetensors',
      group,
      disabled: locked ?? noWeights,
      run: () => exportEncoder(row, 'last', 'safetensors'),
    },
    {
      id: 'run.export-points',
      title: 'Save all points as CSV',
      group,
      run: () => saveFromHost(pointsCsvUrl(id), `${id}.csv`),
    },
    { id: 'run.compare', title: 'Compare with other runs', group, keys: ['c'], run: compare },
    {
      id: 'run.delete',
      title: 'Delete the run',
      group,
      keys: ['Delete'],
      disabled: locked ?? (live ? 'It is in training. Stop it first.' : undefined),
      run: async () => {
        go('/runs');
        await deleteRuns([row]);
      },
    },
  ];
  return actions.filter((action) => action !== false);
}

/** Embeddings are of a step: "last" would be another one tomorrow. */
const lastStep = (checkpoints: readonly Checkpoint[]): string =>
  String(Math.max(...checkpoints.map(({ step }) => step)));
