/** Deleting runs with a way back: they vanish at once, their files and records some time later. */
import { messageOf } from '../../shared/errors';
import { purgeRun } from '../run-actions';
import type { OpenLibrary } from './open-library';

/** How long a deleted run can be brought back, seconds. */
export const UNDO_SECONDS = 20;

export class Deletion {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly library: OpenLibrary,
    private readonly undoSeconds = UNDO_SECONDS,
  ) {}

  /** Removes what an earlier host had deleted and not yet removed, once its time is over. */
  load(): void {
    this.purgeOverdue();
  }

  /**
   * @returns those that were not deleted before.
   * @throws UserError where one is in training or there is no such run; then none is deleted.
   */
  delete(runs: readonly string[]): string[] {
    const deleted = this.library.owned.store.rows.softDelete(runs);
    this.schedule();
    return deleted;
  }

  /** @throws UserError where one is gone for good; then none comes back. */
  undelete(runs: readonly string[]): string[] {
    return this.library.owned.store.rows.undelete(runs);
  }

  /** Nobody can ask for them back any more. */
  close(): void {
    clearTimeout(this.timer);
    if (this.library.writable) this.purge(Infinity);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.purgeOverdue(), this.undoSeconds * 1000 + 50);
  }

  private purgeOverdue(): void {
    this.purge(Date.now() - this.undoSeconds * 1000);
    if (this.library.owned.store.rows.deletedBefore(Infinity).length) this.schedule();
  }

  private purge(before: number): void {
    const host = this.library.owned;
    for (const run of host.store.rows.deletedBefore(before)) {
      try {
        purgeRun(host, run);
      } catch (error) {
        // Nobody waits for an answer, and the run is out of every list.
        console.error(messageOf(error));
      }
    }
  }
}
