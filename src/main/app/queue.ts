/**
 * The queue: one run trains at a time, the next begins when it ends. The order lies in the library. Runs that an
 * earlier host left queued wait until the user says so: starting an app must not start work that was forgotten.
 */
import { canResume } from '../../shared/api/run-rows';
import { messageOf, UserError } from '../../shared/errors';
import { checkUnfinished, resumePoints } from '../run-actions';
import type { OpenLibrary } from './open-library';
import type { LiveRun } from './live-run';

export interface QueueContext {
  library: OpenLibrary;
  /** Makes the events of a run that starts to train. */
  live(run: string): LiveRun;
  /** The row of a run, or its place in the queue, changed. */
  rowChanged(run: string): void;
  /** A run ended, in whatever way. */
  ended(run: string): void;
  /** `held` changed. */
  hostChanged(): void;
}

const SETTING = 'queue';

export class Queue {
  private order: string[] = [];
  private readonly left = new Set<string>();
  private current: { run: string; live: LiveRun; ended: Promise<void> } | null = null;

  constructor(private readonly context: QueueContext) {}

  /** Takes over what is queued in a library that was just opened. */
  load(): void {
    const { store } = this.context.library.host;
    const queued = store.runs.list('queued');
    const places = new Map(storedOrder(store.catalogue.setting(SETTING)).map((run, index) => [run, index]));
    const placeOf = (run: string) => places.get(run) ?? Infinity;
    // Runs that the list does not know come last, oldest first.
    this.order = queued
      .reverse()
      .map((run) => run.id)
      .sort((a, b) => placeOf(a) - placeOf(b) || 0);
    this.left.clear();
    for (const run of this.order) this.left.add(run);
  }

  /** True where runs wait that nothing starts until {@link release}. */
  get held(): boolean {
    return this.left.size > 0;
  }

  /** Queued runs, the next one first. */
  get runs(): readonly string[] {
    return this.order;
  }

  /** From 1; null where the run is not queued. */
  placeOf(run: string): number | null {
    const index = this.order.indexOf(run);
    return index < 0 ? null : index + 1;
  }

  /** The run that trains now. */
  get training(): { run: string; live: LiveRun } | null {
    return this.current;
  }

  /** At the end. The run is in the store as queued. */
  add(run: string): void {
    this.order.push(run);
    this.keep();
    this.context.rowChanged(run);
    this.next();
  }

  /**
   * A run that was stopped, interrupted or failed waits again, to go on from its newest checkpoint.
   * @throws UserError where it is done, waits or trains.
   */
  again(run: string): void {
    const { store } = this.context.library.owned;
    const found = store.runs.get(run);
    checkUnfinished(found);
    if (!canResume(found.status)) {
      const what = found.status === 'queued' ? 'waits in the queue' : 'is in training';
      throw new UserError(`Run ${found.name} ${what} already.`, undefined, 'usage');
    }
    store.runs.queue(run);
    this.add(run);
  }

  /** A run that waits leaves the queue, as one that was stopped. @returns false where it does not wait. */
  cancel(run: string): boolean {
    const { store } = this.context.library.owned;
    if (store.runs.get(run).status !== 'queued') return false;
    this.remove(run);
    const end = { exitCode: null, exitSignal: null, failure: null, hint: null };
    store.runs.end(run, { status: 'stopped', ...end });
    this.context.rowChanged(run);
    return true;
  }

  /** @returns false where the run is not queued. */
  remove(run: string): boolean {
    const index = this.order.indexOf(run);
    if (index < 0) return false;
    this.order.splice(index, 1);
    this.let(run);
    this.keep();
    this.placesChanged(index);
    return true;
  }

  /** Lets the runs of an earlier host train. */
  release(): void {
    if (!this.held) return;
    this.left.clear();
    this.context.hostChanged();
    this.next();
  }

  /** @param runs in their new order; those that are not named follow as they were. Others than queued are passed over. */
  reorder(runs: readonly string[]): void {
    const queued = new Set(this.order);
    const named = [...new Set(runs)].filter((run) => queued.has(run));
    const namedSet = new Set(named);
    this.order = [...named, ...this.order.filter((run) => !namedSet.has(run))];
    this.keep();
    this.placesChanged(0);
  }

  /** Ends the training run with a checkpoint. */
  stop(): void {
    if (!this.current) return;
    this.current.live.stopping();
    this.context.library.host.supervisor.stop(this.current.run);
  }

  /** Ends the training run at once. */
  kill(): void {
    if (!this.current) return;
    this.current.live.stopping();
    this.context.library.host.supervisor.kill(this.current.run);
  }

  /** Asks the run in training to stop, and lets all others wait until {@link release}. @returns when it has ended. */
  async halt(): Promise<void> {
    const wasHeld = this.held;
    for (const run of this.order) this.left.add(run);
    if (this.held !== wasHeld) this.context.hostChanged();
    this.stop();
    await this.current?.ended;
  }

  private next(): void {
    if (this.current || !this.context.library.writable) return;
    const run = this.order.find((candidate) => !this.left.has(candidate));
    if (run === undefined) return;
    const index = this.order.indexOf(run);
    this.order.splice(index, 1);
    this.keep();
    const current = { run, live: this.context.live(run), ended: Promise.resolve() };
    // Known before it begins: it may be over before anything is awaited.
    this.current = current;
    current.ended = this.train(run, current.live);
    this.context.rowChanged(run);
    this.placesChanged(index);
  }

  private async train(run: string, live: LiveRun): Promise<void> {
    const { owned } = this.context.library;
    try {
      await owned.supervisor.train(owned.store.runs.get(run), resumePoints(owned, run), live.hooks);
    } catch (error) {
      this.couldNotTrain(run, error);
    }
    live.end();
    this.current = null;
    this.context.rowChanged(run);
    this.context.ended(run);
    try {
      this.next();
    } catch (error) {
      // A library that cannot be written: whoever adds or releases a run next is told.
      console.error(error);
    }
  }

  /** It did not even start, or its end could not be written. */
  private couldNotTrain(run: string, error: unknown): void {
    if (!(error instanceof UserError)) console.error(error);
    const failure = `It could not be trained: ${messageOf(error)}`;
    const hint = error instanceof UserError ? (error.hint ?? null) : null;
    try {
      this.context.library.owned.store.runs.end(run, {
        status: 'failed',
        exitCode: null,
        exitSignal: null,
        failure,
        hint,
      });
    } catch (second) {
      console.error(second);
    }
  }

  private let(run: string): void {
    if (this.left.delete(run) && !this.held) this.context.hostChanged();
  }

  private keep(): void {
    this.context.library.owned.store.catalogue.putSetting(SETTING, this.order);
  }

  private placesChanged(from: number): void {
    for (const run of this.order.slice(from)) this.context.rowChanged(run);
  }
}

function storedOrder(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((run): run is string => typeof run === 'string') : [];
}
