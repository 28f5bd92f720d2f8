/** Where training is, in one line that fits the terminal. Pure. */
import type { RunnerMessage } from '../../shared/protocol';
import { decimal, duration, epochs, integer, parts, percent } from './format';

export type ProgressMessage = Extract<RunnerMessage, { type: 'progress' }>;

export interface ProgressState {
  progress: ProgressMessage | null;
  loss: number | null;
  /** k-NN accuracy in [0, 1]. */
  knn: number | null;
}

const PHASES: Record<ProgressMessage['phase'], string> = {
  decoding: 'Decoding images',
  compiling: 'Compiling the step',
  training: 'Training',
  evaluating: 'Evaluating',
  embedding: 'Embedding',
  exporting: 'Exporting',
  checkpointing: 'Writing a checkpoint',
  indexing: 'Building an index',
};

/** The numbers, most important first, without a bar. */
export function figures({ progress, loss, knn }: ProgressState): string[] {
  if (!progress) return [];
  const found = [
    progress.epoch !== null &&
      `epoch ${epochs(progress.epoch)}${progress.epochs === null ? '' : `/${epochs(progress.epochs)}`}`,
    loss !== null && `loss ${decimal(loss)}`,
    knn !== null && `k-NN ${percent(knn)}`,
    progress.rate !== null && `${integer(progress.rate)} images/s`,
    progress.secondsLeft !== null && `${duration(progress.secondsLeft)} left`,
  ];
  return found.filter((text): text is string => text !== false);
}

/** For a log file or a pipe. */
export function plainLine(state: ProgressState): string {
  const { progress } = state;
  if (!progress) return '';
  const done =
    progress.phase === 'training'
      ? `step ${integer(progress.done)}/${integer(progress.total)}`
      : share(progress);
  return parts(PHASES[progress.phase], done, ...figures(state));
}

/** For a terminal `columns` wide: the phase, a bar, and as many figures as fit. */
export function barLine(state: ProgressState, columns: number): string {
  const { progress } = state;
  if (!progress) return 'Starting';
  const left = columns - 1;
  const head = PHASES[progress.phase];
  const shown: string[] = [share(progress)];
  for (const figure of figures(state)) {
    if (parts(head, ...shown, figure).length > left) break;
    shown.push(figure);
  }
  const room = left - parts(head, ...shown).length - 2;
  return parts(head, room >= 8 && bar(progress, Math.min(room, 24)), ...shown).slice(0, Math.max(0, left));
}

function bar({ done, total }: ProgressMessage, width: number): string {
  const filled = total > 0 ? Math.round(Math.min(1, done / total) * width) : 0;
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

function share({ done, total }: ProgressMessage): string {
  return total > 0 ? `${Math.floor((100 * Math.min(done, total)) / total)} %`.padStart(5) : '';
}
