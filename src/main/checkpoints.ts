/**
 * The checkpoint files of a run. The folder is the truth: a file that was renamed into place counts even where the
 * host died before it was told; a record without its file does not.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { UserError } from '../shared/errors';
import { checkpointFolder, runFolder } from './library';
import type { CheckpointRecord } from './store/checkpoints';

/** A place that a run can be continued from, or an encoder taken from. */
export interface CheckpointFile {
  /** Absolute. */
  path: string;
  step: number;
  kind: CheckpointRecord['kind'];
  /** Weighted k-NN accuracy in [0, 1], where it was measured. */
  knn: number | null;
}

/** Records hold paths inside the run's folder, so that a library can be moved. */
export function recordPath(library: string, run: string, path: string): string {
  return relative(runFolder(library, run), path).replaceAll('\\', '/');
}

/**
 * Newest first; of the same step, the one for continuing before the best one.
 * @param records as the store lists them.
 */
export function checkpointFiles(
  library: string,
  run: string,
  records: readonly CheckpointRecord[],
): CheckpointFile[] {
  const files = new Map<string, CheckpointFile>();
  for (const { path, step, kind, knn } of records) {
    const file = join(runFolder(library, run), path);
    if (existsSync(file)) files.set(file, { path: file, step, kind, knn });
  }
  const folder = checkpointFolder(library, run);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const step = /^step-(\d+)\.safetensors$/.exec(name)?.[1];
    const path = join(folder, name);
    if (step && !files.has(path)) files.set(path, { path, step: Number(step), kind: 'periodic', knn: null });
  }
  const rank = (file: CheckpointFile) => (file.kind === 'best' ? 1 : 0);
  return [...files.values()].sort((a, b) => b.step - a.step || rank(a) - rank(b));
}

/**
 * The checkpoint to use an encoder from.
 * @param which `last`, `best` (by k-NN accuracy), or a step.
 * @throws UserError where there is none, or none such.
 */
export function pickCheckpoint(
  files: readonly CheckpointFile[],
  run: string,
  which = 'last',
): CheckpointFile {
  if (!files.length) {
    throw new UserError(
      `Run ${run} has no checkpoint yet.`,
      'The first one is written a few minutes into training, and when training is stopped.',
    );
  }
  if (which === 'last') return files[0];
  if (which === 'best') {
    const measured = files.filter((file) => file.knn !== null);
    return measured.length ? measured.reduce((a, b) => (b.knn! > a.knn! ? b : a)) : files[0];
  }
  const found = files.find((file) => String(file.step) === which);
  if (found) return found;
  throw new UserError(
    `Run ${run} has no checkpoint "${which}".`,
    `There are: last, best, ${files.map((file) => file.step).join(', ')}.`,
    'usage',
  );
}
