/** The data sets of the library: the sample, always there, and the folders that were added. */
import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { datasetReportSchema, type Dataset, type DatasetReport } from '../../shared/api/datasets';
import type { HostEvent } from '../../shared/api/events';
import type { Progress } from '../../shared/api/runs';
import { messageOf, UserError } from '../../shared/errors';
import type { RunnerMessage } from '../../shared/protocol';
import { checkDataset } from '../datasets';
import { datasetId, type Dataset as StoredDataset } from '../store/catalogue';
import type { OpenLibrary } from './open-library';

const SAMPLE = 'sample';
/** Side of the images that a check decodes, px: what most runs train on, so that theirs are decoded already. */
const CHECKED_SIZE = 32;
/** Milliseconds between two tellings of a check's progress. */
const PERIOD = 250;

export interface DataSetsContext {
  library: OpenLibrary;
  publish(event: HostEvent): void;
  /** Files of the data set may be others now. */
  changed(path: string): void;
}

interface Check {
  abort: AbortController;
  progress: Progress | null;
}

export class DataSets {
  private readonly checks = new Map<string, Check>();
  /** Settles when each has ended, also those that were told to. */
  private readonly running = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly context: DataSetsContext) {}

  /** The sample first, then in the order they were added. */
  list(): Dataset[] {
    const { store } = this.context.library.host;
    const runs = store.runs.countByData();
    const stored = store.catalogue.datasets();
    const sample = stored.find(({ path }) => path === SAMPLE) ?? NEVER_CHECKED;
    const others = stored.filter(({ path }) => path !== SAMPLE);
    return [sample, ...others].map((dataset) => this.describe(dataset, runs.get(dataset.path) ?? 0));
  }

  /** @throws UserError where there is no such data set. */
  get(id: string): Dataset {
    const found = this.list().find((dataset) => dataset.id === id);
    if (found) return found;
    throw new UserError('There is no such data set any more.', 'Add its folder again.', 'usage');
  }

  /**
   * Adds a folder or archive, and begins to check it. One that is known is checked again.
   * @throws UserError where it is gone, or another process owns the library.
   */
  add(path: string): Dataset {
    const { store } = this.context.library.owned;
    if (!existsSync(path)) throw new UserError(`There is nothing at ${path} any more.`, 'Choose it again.');
    if (!statSync(path).isDirectory() && !/\.(tar|tgz|tar\.gz|zip)$/i.test(path)) {
      throw new UserError(
        `${path} is neither a folder nor an archive.`,
        'Give a folder of images, or a .tar, .tar.gz, .tgz or .zip of one.',
        'usage',
      );
    }
    store.catalogue.addDataset(path);
    return this.recheck(datasetId(path));
  }

  /** @throws UserError where there is no such data set, or another process owns the library. */
  recheck(id: string): Dataset {
    const { catalogue } = this.context.library.owned.store;
    const { path } = this.get(id);
    if (path === SAMPLE) catalogue.addDataset(SAMPLE);
    if (!this.checks.has(path)) this.check(path);
    return this.get(id);
  }

  /** Begins the checks that were never done or cut off: of the sample, and of folders. */
  checkUnchecked(): void {
    if (this.closed || !this.context.library.writable) return;
    for (const { id, checkedAt } of this.list()) if (checkedAt === null) this.recheck(id);
  }

  /**
   * A run is about to decode the same images: the first check of the sample, which nobody waits for, must not take
   * half of the machine from it. {@link checkUnchecked} begins it again.
   */
  makeWay(path: string): void {
    if (path === SAMPLE && this.get(SAMPLE).checkedAt === null) this.checks.get(path)?.abort.abort();
  }

  /**
   * Forgets it.
   * @throws UserError for the sample, or where there is no such data set.
   */
  remove(id: string): void {
    const { catalogue } = this.context.library.owned.store;
    const { path } = this.get(id);
    if (path === SAMPLE) throw new UserError('The sample is part of Selvedge and stays.', undefined, 'usage');
    this.checks.get(path)?.abort.abort();
    // One that is added again meanwhile begins a check of its own.
    this.checks.delete(path);
    catalogue.removeDataset(path);
    this.context.changed(path);
    this.context.publish({ type: 'dataset-removed', dataset: id });
  }

  /** How many runs train on it may be another number now. */
  countChanged(path: string): void {
    const found = this.list().find((dataset) => dataset.path === path);
    if (found) this.context.publish({ type: 'dataset', dataset: found });
  }

  /** Ends all checks. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { abort } of this.checks.values()) abort.abort();
    await Promise.all(this.running);
  }

  private check(path: string): void {
    const check: Check = { abort: new AbortController(), progress: null };
    this.checks.set(path, check);
    this.context.changed(path);
    this.tell(path);
    let lastTold = 0;
    const onMessage = (message: RunnerMessage) => {
      if (message.type !== 'progress') return;
      const { version: _version, type: _type, ...progress } = message;
      check.progress = progress;
      if (Date.now() - lastTold < PERIOD) return;
      lastTold = Date.now();
      this.tell(path);
    };
    const { host } = this.context.library;
    const ended = checkDataset(host, path, CHECKED_SIZE, { onMessage, signal: check.abort.signal })
      .then(
        (report) => this.conclude(path, check, { report }),
        (error: unknown) => this.conclude(path, check, { error }),
      )
      // A library that cannot be written: the data set stays unchecked.
      .catch((error: unknown) => console.error(error))
      .finally(() => this.running.delete(ended));
    this.running.add(ended);
  }

  private conclude(path: string, check: Check, result: { report: unknown } | { error: unknown }): void {
    if (this.checks.get(path) === check) this.checks.delete(path);
    if (this.closed) return;
    if (check.abort.signal.aborted) {
      this.tell(path);
      return;
    }
    // What was listed meanwhile may count files that turned out unreadable.
    this.context.changed(path);
    const { catalogue } = this.context.library.owned.store;
    if ('report' in result) {
      catalogue.putDataset(path, result.report);
    } else {
      const { error } = result;
      if (!(error instanceof UserError)) console.error(error);
      catalogue.failDataset(
        path,
        messageOf(error),
        error instanceof UserError ? (error.hint ?? null) : 'This is a bug in Selvedge; its log says where.',
      );
    }
    this.tell(path);
  }

  private tell(path: string): void {
    const dataset = this.list().find((candidate) => candidate.path === path);
    if (dataset) this.context.publish({ type: 'dataset', dataset });
  }

  private describe(stored: StoredDataset, runs: number): Dataset {
    const { id, path, addedAt, checkedAt, failure, hint } = stored;
    const isSample = path === SAMPLE;
    const check = this.checks.get(path);
    const isMissing = !isSample && !existsSync(path);
    const report = reportOf(stored.report);
    return {
      id,
      path,
      name: isSample ? 'Sample' : basename(path),
      state: check && !isSample ? 'checking' : isMissing ? 'missing' : stateOf(isSample, failure, report),
      progress: check?.progress ?? null,
      failure: isMissing ? `There is nothing at ${path} any more.` : failure,
      hint: isMissing ? 'Is its disk connected? Otherwise remove it here and add its new place.' : hint,
      addedAt: isSample ? null : addedAt,
      checkedAt,
      report,
      runs,
    };
  }
}

/** Usable before it was checked: it is known to be sound. */
const NEVER_CHECKED: StoredDataset = {
  id: SAMPLE,
  path: SAMPLE,
  addedAt: 0,
  checkedAt: null,
  report: null,
  failure: null,
  hint: null,
};

function stateOf(isSample: boolean, failure: string | null, report: DatasetReport | null): Dataset['state'] {
  if (failure !== null) return 'failed';
  // Where it is not checked here, the process that owns the library does it.
  return report === null && !isSample ? 'checking' : 'ready';
}

/** Reports of older versions say less. */
function reportOf(stored: unknown): DatasetReport | null {
  if (stored === null) return null;
  const complete = { splits: null, size: null, bytes: null, notes: [], ...(stored as object) };
  const parsed = datasetReportSchema.safeParse(complete);
  return parsed.success ? parsed.data : null;
}
