/** What a run's state is called, what that means, and how it looks. */
import type { RunState } from '../../shared/api/run-rows';

export const stateWord: Record<RunState, string> = {
  queued: 'Queued',
  running: 'Running',
  paused: 'Paused',
  stopped: 'Stopped',
  done: 'Done',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

/** For those who hover. */
export const stateMeaning: Record<RunState, string> = {
  queued: 'Waits for its turn.',
  running: 'Is training now.',
  paused: 'Holds between two steps; goes on when you say so.',
  stopped: 'Was stopped after a checkpoint; it can be resumed.',
  done: 'Trained to the end.',
  failed: 'Ended by an error; it can be resumed from its last checkpoint.',
  interrupted: 'Was cut off; it can be resumed from its last checkpoint.',
};

/** Colour goes by these four; the icon by the state itself. */
export const stateTone: Record<RunState, 'running' | 'done' | 'stopped' | 'failed'> = {
  queued: 'stopped',
  running: 'running',
  paused: 'running',
  stopped: 'stopped',
  done: 'done',
  failed: 'failed',
  interrupted: 'failed',
};
