/** What can be done with runs: make one, train it, continue it, delete it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../shared/errors';
import type { RunConfig } from '../shared/run-config';
import { checkpointFiles } from './checkpoints';
import type { Host } from './host';
import { checkpointFolder, runFolder } from './library';
import type { Run, RunSummary } from './store/runs';
import type { TrainEnd, TrainHooks } from './supervisor/supervisor';

/** A queued run, with its folder and the configuration that can train it again. */
export function createRun(
  host: Host,
  config: RunConfig,
  options: { name?: string; parent?: string } = {},
): Run {
  if (options.name !== undefined) checkName(options.name, host.store.runs.list());
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
  if (run.status === 'done') {
    throw new UserError(
      `Run ${id} is done: it reached step ${run.step}, the end of its configuration.`,
      `Continuing changes nothing about a run. To train its weights further: selvedge train <preset> --from ${id}`,
    );
  }
  return host.supervisor.train(run, resumePoints(host, id), hooks);
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

function checkName(name: string, runs: readonly RunSummary[]): void {
  const problem = name.trim() === '' ? 'is empty' : name === 'last' ? 'stands for the newest run' : undefined;
  if (problem) throw new UserError(`The name "${name}" ${problem}.`, 'Choose another --name.', 'usage');
  const taken = runs.find((run) => run.name === name || run.id === name);
  if (taken) {
    throw new UserError(`The name "${name}" is taken by run ${taken.id}.`, 'Choose another --name.', 'usage');
  }
}
