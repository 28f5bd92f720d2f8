/**
 * The embedding sets of the library and the work under way on them: embedding here, and whatever else the explorer
 * computes from a set. All of it is told to the windows in one way, cancelled in one way, and ends with the app.
 */
import type { HostEvent } from '../../shared/api/events';
import { messageOf, UserError } from '../../shared/errors';
import type { EncoderSource } from '../../shared/explorer/encoder-source';
import type { EmbeddingSet, SetRecipe, SetWork } from '../../shared/explorer/sets';
import type { RunnerMessage } from '../../shared/protocol';
import { describeSet } from '../embedding/describe-set';
import { encoderSource } from '../embedding/recipe';
import { embedSet, removeSet, takeUpSet } from '../embedding/sets';
import type { JobOptions } from '../encoder-jobs';
import { setFolder } from '../library';
import type { SetFacts, StoredSet } from '../store/embedding-sets';
import type { OpenLibrary } from './open-library';

/** Milliseconds between two tellings of a work's progress. */
const PERIOD = 250;

export type WorkKind = SetWork['kind'];
export type WorkProgress = Omit<SetWork, 'kind'>;

/** What a work gets. */
export interface WorkHooks {
  /** Aborted when the work is cancelled, or the app closes. */
  readonly signal: AbortSignal;
  /** Call as often as you like. */
  readonly onProgress: (progress: WorkProgress) => void;
}

interface Work {
  readonly kind: WorkKind;
  readonly abort: AbortController;
  progress: WorkProgress;
  toldAt: number;
}

export interface EmbeddingSetsContext {
  library: OpenLibrary;
  publish(event: HostEvent): void;
}

const STARTING: WorkProgress = {
  doing: 'Starting',
  done: 0,
  total: 0,
  rate: null,
  unit: 'images',
  secondsLeft: null,
};

export class EmbeddingSets {
  private readonly works = new Map<string, Work[]>();
  /** Settles when each has ended, also those that were told to. */
  private readonly running = new Set<Promise<void>>();
  private readonly listeners = new Set<(set: string) => void>();
  /** One embedding at a time: two would only share the processor, and both end later. */
  private embedding: Promise<unknown> = Promise.resolve();
  /** Sets whose rows an embedding may have changed, until that is told. */
  private readonly touched = new Set<string>();
  private closed = false;

  constructor(private readonly context: EmbeddingSetsContext) {}

  /** Newest first. */
  list(): EmbeddingSet[] {
    const { host } = this.context.library;
    return host.store.sets.list().map((set) => this.describe(set));
  }

  /** @throws UserError where there is no such set. */
  get(id: string): EmbeddingSet {
    return this.describe(this.context.library.host.store.sets.get(id));
  }

  /** Of its files, see src/explorer/set-files.ts. @throws UserError where there is no such set. */
  folderOf(id: string): string {
    const { store, library } = this.context.library.host;
    return setFolder(library.folder, store.sets.get(id).id);
  }

  /** What makes its vectors. @throws UserError where that is not there any more. */
  encoderOf(id: string): EncoderSource {
    const { host } = this.context.library;
    return encoderSource(host, host.store.sets.get(id).recipe.encoder);
  }

  /** Calls `listener` with each set whose rows may be others now, or that is gone. @returns a function that ends it. */
  onRowsChanged(listener: (set: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Begins to embed, or takes up the set of this very recipe.
   * @throws UserError where the recipe names what is not there.
   */
  embed(recipe: SetRecipe): EmbeddingSet {
    const { id } = takeUpSet(this.context.library.owned, recipe);
    return this.works.get(id)?.some(({ kind }) => kind === 'embedding') ? this.get(id) : this.update(id);
  }

  /** @throws UserError where another work on it is under way. */
  update(id: string): EmbeddingSet {
    return this.work(id, 'embedding', async (hooks) => {
      hooks.onProgress({ ...STARTING, doing: 'Waiting for another set' });
      const before = this.embedding;
      const ended = Promise.race([before, abortOf(hooks.signal)]).then(() => this.embedNow(id, hooks));
      this.embedding = Promise.allSettled([before, ended]);
      await ended;
    });
  }

  /**
   * Does a work on a set, told as events. One at a time, but an index is built beside others: embedding ends that.
   * @param task returns what is known of the rows from now on, where that changed.
   * @returns the set as it is now: the work has just begun.
   * @throws UserError where the set is gone, another process owns the library, or another work is under way.
   */
  work(
    id: string,
    kind: WorkKind,
    task: (hooks: WorkHooks) => Promise<Partial<SetFacts>> | Promise<void>,
  ): EmbeddingSet {
    const { library } = this.context;
    const set = library.owned.store.sets.get(id);
    const others = this.works.get(id) ?? [];
    const rival = others.find(
      (other) => other.kind === kind || (other.kind !== 'indexing' && kind !== 'indexing'),
    );
    if (rival || (kind === 'indexing' && others.some((other) => other.kind === 'embedding')))
      throw new UserError(
        `This set is busy: ${(rival ?? others[0]).progress.doing.toLowerCase()}.`,
        'Wait until that is done, or cancel it.',
        'usage',
      );
    if (kind === 'embedding') for (const { abort } of others) abort.abort();
    const work: Work = { kind, abort: new AbortController(), progress: STARTING, toldAt: 0 };
    this.works.set(id, [...others, work]);
    const hooks: WorkHooks = {
      signal: work.abort.signal,
      onProgress: (progress) => {
        work.progress = progress;
        if (Date.now() - work.toldAt < PERIOD) return;
        work.toldAt = Date.now();
        this.tell(id);
      },
    };
    // Not before the caller has its answer.
    const ended: Promise<void> = Promise.resolve()
      .then(async () => (await task(hooks)) ?? undefined)
      .then(
        (facts) => this.conclude(id, work, facts ? { facts } : {}),
        (error: unknown) => this.conclude(id, work, { error }),
      )
      // A library that cannot be written: nothing is known of the work.
      .catch((error: unknown) => console.error(error))
      .finally(() => this.running.delete(ended));
    this.running.add(ended);
    const answer = this.describe(set);
    this.context.publish({ type: 'embedding-set', set: answer });
    return answer;
  }

  /** Ends the work under way, where there is some. What was embedded stays. */
  cancel(id: string): EmbeddingSet {
    const set = this.get(id);
    for (const { abort } of this.works.get(id) ?? []) abort.abort();
    return set;
  }

  /**
   * With its files, once the work under way has ended.
   * @throws UserError where its files cannot be deleted.
   */
  async remove(id: string): Promise<void> {
    this.cancel(id);
    const { library } = this.context;
    while (this.works.has(id)) await Promise.race(this.running);
    removeSet(library.owned, id);
    this.rowsChanged(id);
    this.context.publish({ type: 'embedding-set-removed', set: id });
  }

  /** What is known of the rows, where that was not the end of a work. */
  know(id: string, facts: Partial<SetFacts>): void {
    this.context.library.owned.store.sets.know(id, facts);
    this.tell(id);
  }

  /** Ends all works. */
  async close(): Promise<void> {
    this.closed = true;
    for (const works of this.works.values()) for (const { abort } of works) abort.abort();
    await Promise.all(this.running);
  }

  private async embedNow(id: string, hooks: WorkHooks): Promise<void> {
    if (hooks.signal.aborted) return;
    hooks.onProgress(STARTING);
    // Also where it fails: what was embedded before is there.
    this.touched.add(id);
    const { added, changed, removed } = await embedSet(this.context.library.owned, id, hearing(hooks));
    if (added + changed + removed === 0) this.touched.delete(id);
  }

  private conclude(id: string, work: Work, end: { facts?: Partial<SetFacts>; error?: unknown }): void {
    const left = (this.works.get(id) ?? []).filter((other) => other !== work);
    if (left.length > 0) this.works.set(id, left);
    else this.works.delete(id);
    const { sets } = this.context.library.owned.store;
    const { error, facts } = end;
    if (error !== undefined && !work.abort.signal.aborted) {
      if (!(error instanceof UserError)) console.error(error);
      // A failed embedding has said so already.
      if (work.kind !== 'embedding')
        sets.change(id, {
          failure: messageOf(error),
          hint:
            error instanceof UserError
              ? (error.hint ?? null)
              : 'This is a bug in Selvedge; its log says where.',
        });
    } else if (error === undefined && work.kind !== 'embedding' && sets.get(id).failure !== null) {
      // Else nothing has changed: the time of a change is taken for that of the rows.
      sets.change(id, { failure: null, hint: null });
    }
    if (facts) sets.know(id, facts);
    if (this.closed) return;
    this.tell(id);
    if (work.kind === 'embedding' && this.touched.delete(id)) this.rowsChanged(id);
  }

  private rowsChanged(id: string): void {
    for (const listener of this.listeners) listener(id);
  }

  private tell(id: string): void {
    this.context.publish({ type: 'embedding-set', set: this.get(id) });
  }

  private describe(set: StoredSet): EmbeddingSet {
    const works = this.works.get(set.id) ?? [];
    // An index is built in the background: what the user asked for is shown before it.
    const shown = works.find(({ kind }) => kind !== 'indexing') ?? works.at(0);
    const work = shown && { kind: shown.kind, ...shown.progress };
    return describeSet(this.context.library.host, set, work ?? null);
  }
}

const DOING: Partial<Record<Extract<RunnerMessage, { type: 'progress' }>['phase'], string>> = {
  decoding: 'Reading the folder',
  compiling: 'Preparing the encoder',
  embedding: 'Embedding',
};

const abortOf = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** A job's progress as a work's. */
function hearing({ signal, onProgress }: WorkHooks): JobOptions {
  return {
    signal,
    onMessage(message) {
      if (message.type !== 'progress') return;
      const { phase, done, total, rate, secondsLeft } = message;
      onProgress({ doing: DOING[phase] ?? 'Working', done, total, rate, unit: 'images', secondsLeft });
    },
  };
}

/** What a job says of its work on a set, as a work's progress. */
export function hearingWork({ signal, onProgress }: WorkHooks): JobOptions {
  return {
    signal,
    onMessage(message) {
      if (message.type !== 'work') return;
      const { version: _version, type: _type, ...progress } = message;
      onProgress(progress);
    },
  };
}
