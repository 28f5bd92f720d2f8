/** What can be done with runs: make one, train it, continue it, delete it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../shared/errors';
import type { RunConfig } from '../shared/run-config';
import { checkpointFiles } from './checkpoints';
import type { Host } from './host';
import { checkpointFolder, runFolder } from './library';
import type { Run } from './store/runs';
import type { TrainEnd, TrainHooks } from './supervisor/supervisor';

/** A queued run, with its folder and the configuration that can train it again. */
export function createRun(
  host: Host,
  config: RunConfig,
  options: { name?: string; parent?: string } = {},
): Run {
  const run = host.store.runs.create(config, options);
  const folder = runFolder(host.library.folder, run.id);
  try {
    mkdirSync(checkpointFolder(host.library.folder, run.id), { recursive: true });
    writeFileSync(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  } catch (error) {
    host.store.runs.delete(run.id);
    throw new UserError(
      `The folder of the new run, ${folder}, cannot be written: ${messageOf(error)}.`,
      'Is the disk full? Nothing was started.',
    );
  }
  return run;
}

/** Trains a new run to its end. */
export function trainRun(host: Host, run: Run, hooks: TrainHooks = {}): Promise<TrainEnd> {
  return host.supervisor.train(run, [], hooks);
}

/**
 * Continues a run exactly where its newest readable checkpoint left it; from the start where it has none.
 * @throws UserError where the run is done or in training.
 */
export function resumeRun(host: Host, id: string, hooks: TrainHooks = {}): Promise<TrainEnd> {
  const run = host.store.runs.get(id);
  checkUnfinished(run);
  return host.supervisor.train(run, resumePoints(host, id), hooks);
}

/** @throws UserError where the run is done: there is nothing to continue. */
export function checkUnfinished({ id, status, step }: Run): void {
  if (status !== 'done') return;
  throw new UserError(
    `Run ${id} is done: it reached step ${step}, the end of its configuration.`,
    `Continuing changes nothing about a run. To train its weights further: selvedge train <preset> --from ${id}`,
  );
}

/** Where {@link resumeRun} would continue, the best choice first. */
export function resumePoints(host: Host, id: string) {
  return checkpointFiles(host.library.folder, id, host.store.checkpoints.list(id));
}

/**
 * Deletes a run and its files.
 * @throws UserError where it is in training, or its folder cannot be removed.
 */
export function deleteRun(host: Host, id: string): void {
  if (host.store.runs.get(id).status === 'running') {
    throw new UserError(`Run ${id} is in training.`, 'Stop it first, with Ctrl-C where it was started.');
  }
  purgeRun(host, id);
}

/**
 * Removes what there is of a run that nobody asks for any more.
 * @throws UserError where its folder cannot be removed.
 */
export function purgeRun(host: Host, id: string): void {
  host.store.runs.delete(id);
  const folder = runFolder(host.library.folder, id);
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    throw new UserError(
      `Run ${id} is deleted, but its folder ${folder} could not be removed: ${messageOf(error)}.`,
      'Delete the folder by hand.',
    );
  }
}
