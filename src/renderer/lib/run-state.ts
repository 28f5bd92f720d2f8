/** What a run's state is called, and whether it can go on. */
import type { RunState } from '../../shared/api';

export const stateWord: Record<RunState, string> = {
  queued: 'Queued',
  running: 'Running',
  stopped: 'Stopped',
  done: 'Done',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

/** What the word means, for those who hover. */
export const stateMeaning: Record<RunState, string> = {
  queued: 'Waits to be started.',
  running: 'Is training now.',
  stopped: 'Was stopped after a checkpoint; it can be resumed.',
  done: 'Trained to the end.',
  failed: 'Ended by an error; it can be resumed from its last checkpoint.',
  interrupted: 'Was cut off; it can be resumed from its last checkpoint.',
};

/** Colour and icon go by these four. */
export const stateTone: Record<RunState, 'running' | 'done' | 'stopped' | 'failed'> = {
  queued: 'stopped',
  running: 'running',
  stopped: 'stopped',
  done: 'done',
  failed: 'failed',
  interrupted: 'failed',
};

export const canResume = (state: RunState): boolean =>
  state === 'stopped' || state === 'failed' || state === 'interrupted';
