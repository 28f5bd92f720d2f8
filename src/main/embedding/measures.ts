/** Measurements of embedding sets by retrieval protocols: made in a child process, kept in the set's folder. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../../shared/errors';
import {
  retrievalReportSchema,
  type RetrievalProtocol,
  type RetrievalReport,
} from '../../shared/explorer/retrieval';
import type { JobOf } from '../../shared/protocol';
import type { JobOptions } from '../encoder-jobs';
import type { Host } from '../host';
import { cacheFolder, setFolder } from '../library';
import { absolute } from '../questions';
import { setSource } from '../search/sources';
import { runJob } from '../supervisor/run-job';

/** One report a line, oldest first; kept when the rows change, since each bears its date. */
const REPORTS_FILE = 'measures.jsonl';

export interface MeasureOptions extends JobOptions {
  /** A perceptual hash of the images is measured in place of the set's vectors, and not kept as the set's. */
  readonly vectors?: JobOf<'measure-set'>['vectors'];
}

/** @throws UserError where the set, or what the protocol names, is not there. */
export async function measureSet(
  host: Host,
  set: string,
  protocol: RetrievalProtocol,
  { vectors = 'embeddings', ...options }: MeasureOptions = {},
): Promise<RetrievalReport> {
  const { folder, encoder } = setSource(host, set);
  const others = 'distractors' in protocol ? protocol.distractors : null;
  const job: JobOf<'measure-set'> = {
    kind: 'measure-set',
    folder,
    protocol: protocol.kind === 'ground-truth' ? { ...protocol, file: absolute(protocol.file) } : protocol,
    vectors,
    encoder,
    distractors: others === null ? null : setFolder(host.library.folder, host.store.sets.get(others).id),
    cacheDirectory: cacheFolder(host.library.folder),
    device: 'auto',
    threads: 0,
  };
  const report = await runJob(host.runner, job, retrievalReportSchema, options);
  if (vectors === 'embeddings' && host.library.access === 'own') keep(folder, report);
  return report;
}

function keep(folder: string, report: RetrievalReport): void {
  const file = join(folder, REPORTS_FILE);
  try {
    appendFileSync(file, `${JSON.stringify(report)}\n`);
  } catch (error) {
    throw new UserError(`The report cannot be kept in ${file}: ${messageOf(error)}.`, 'Is the disk full?');
  }
}

/** Newest first. @throws UserError where the set is gone or a report is damaged. */
export function listMeasures(host: Host, set: string): RetrievalReport[] {
  const { id } = host.store.sets.get(set);
  const file = join(setFolder(host.library.folder, id), REPORTS_FILE);
  if (!existsSync(file)) return [];
  // What stands after the last newline was cut off.
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines
    .map((line, at) => {
      try {
        return retrievalReportSchema.parse(JSON.parse(line));
      } catch (error) {
        throw new UserError(
          `Line ${at + 1} of ${file} is damaged: ${messageOf(error)}`,
          'Delete the line, or the file with all reports of this set.',
        );
      }
    })
    .reverse();
}
