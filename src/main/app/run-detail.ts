/** Everything that the page of one run shows beside its curves. */
import { basename, join } from 'node:path';
import type { Checkpoint, Evaluation, RunDetail } from '../../shared/api/runs';
import { checkpointFiles, recordPath } from '../checkpoints';
import type { Host } from '../host';
import { runFolder } from '../library';
import { picturesOf } from '../run-pictures';
import { statSync } from 'node:fs';

/**
 * What the store and the folder know of a run.
 * @throws UserError where there is no such run.
 */
export function describeRun(
  host: Host,
  id: string,
): Omit<RunDetail, 'row' | 'progress' | 'commandLine' | 'seq'> {
  const { config, exitCode, exitSignal } = host.store.runs.get(id);
  return {
    metrics: host.store.rows.summaries(id),
    config,
    checkpoints: checkpointsOf(host, id),
    evaluations: evaluationsOf(host, id),
    pictures: picturesOf(host.library.folder, id),
    history: host.store.history.events(id),
    log: host.store.history.log(id),
    exitCode,
    exitSignal,
    folder: runFolder(host.library.folder, id),
  };
}

/** Newest first; only those whose file is there. */
export function checkpointsOf(host: Host, id: string): Checkpoint[] {
  const { folder } = host.library;
  const records = host.store.checkpoints.list(id);
  const byPath = new Map(records.map((record) => [record.path, record]));
  return checkpointFiles(folder, id, records).map(({ path, step, kind, knn }) => {
    const record = byPath.get(recordPath(folder, id, path));
    return {
      step,
      kind,
      knn,
      epoch: record?.epoch ?? 0,
      bytes: record?.bytes ?? sizeOf(path),
      file: basename(path),
      time: record?.time ?? null,
    };
  });
}

/** Oldest first. */
export function evaluationsOf(host: Host, id: string): Evaluation[] {
  return host.store.history.evaluations(id);
}

/** A run's config.json, as the command line takes it. */
export const configFile = (host: Host, id: string): string =>
  join(runFolder(host.library.folder, id), 'config.json');

/** Of a checkpoint that nobody told of; it may be gone by now. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
