/** How far a run is, in words. */
import { isLive, type RunRow } from '../../../shared/api/run-rows';
import type { Progress } from '../../../shared/api/runs';
import { clock, count, duration, epochs, timeLeft } from '../../lib/format';

export interface ProgressPart {
  /** Before the text, quieter. */
  readonly label: string;
  readonly text: string;
  readonly unit?: string;
  /** On hover. */
  readonly exact?: string;
}

export const phaseWord: Readonly<Record<Progress['phase'], string>> = {
  starting: 'Starting',
  decoding: 'Reading images',
  compiling: 'Compiling the step',
  training: 'Training',
  evaluating: 'Evaluating',
  embedding: 'Embedding',
  exporting: 'Exporting',
  checkpointing: 'Writing a checkpoint',
  indexing: 'Building an index',
  stopping: 'Stopping after a checkpoint',
};

/** Phases whose rate and time left are those of the run. */
const MOVING: readonly Progress['phase'][] = ['decoding', 'training'];

/** In [0, 1]; null where it is not known. */
export function shareDone({ state, epoch, epochs: total }: RunRow, progress: Progress | null): number | null {
  if (state === 'done') return 1;
  if (progress && progress.phase !== 'training') {
    if (progress.phase === 'decoding' && progress.total > 0) return progress.done / progress.total;
    if (progress.phase === 'starting' || progress.phase === 'compiling') return null;
  }
  return total ? Math.min(1, epoch / total) : null;
}

export function progressParts(row: RunRow, progress: Progress | null): ProgressPart[] {
  const parts: (ProgressPart | false)[] = [
    progress !== null && {
      label: '',
      text: row.state === 'paused' ? 'Paused' : `${phaseWord[progress.phase]}${share(progress)}`,
    },
    row.state === 'queued' && {
      label: '',
      text: row.queuePlace === null ? 'Waits for its turn' : `Number ${row.queuePlace} in the queue`,
    },
    row.step > 0 && {
      label: 'epoch',
      text: `${row.epoch >= 1 || Number.isInteger(row.epoch) ? epochs(row.epoch) : row.epoch.toFixed(2)}${row.epochs === null ? '' : ` / ${epochs(row.epochs)}`}`,
      exact: String(row.epoch),
    },
    row.step > 0 && { label: 'step', text: count(row.step) },
    progress !== null &&
      MOVING.includes(progress.phase) &&
      progress.rate !== null &&
      row.state === 'running' && { label: '', text: count(Math.round(progress.rate)), unit: 'images/s' },
    row.trainedFor > 0 && { label: 'trained for', text: duration(row.trainedFor) },
    row.state === 'running' &&
      progress !== null &&
      MOVING.includes(progress.phase) &&
      progress.secondsLeft !== null && { label: '', text: timeLeft(progress.secondsLeft), unit: 'left' },
    !isLive(row.state) &&
      row.endedAt !== null && {
        label: 'ended',
        text: day(row.endedAt),
        exact: new Date(row.endedAt).toString(),
      },
  ];
  return parts.filter((part) => part !== false);
}

/** Only where the phase is something else than training, which has epochs for it. */
function share({ phase, done, total }: Progress): string {
  if (phase === 'training' || phase === 'starting' || phase === 'compiling' || total <= 0) return '';
  return ` ${Math.floor((100 * Math.min(done, total)) / total)} %`;
}

const day = (time: number): string =>
  `${new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })}, ${clock(time)}`;
