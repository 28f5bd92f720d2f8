/** The library as an app has it: owned, or read while another process owns it, and taken over once that one is gone. */
import { UserError } from '../../shared/errors';
import { openHost, type Host } from '../host';
import { LibraryInUse } from '../lock';
import type { Runner } from '../supervisor/job-process';

export class OpenLibrary {
  private claiming: Promise<boolean> | undefined;

  private constructor(
    private readonly runner: Runner,
    readonly folder: string,
    private opened: Host,
    private reason: string | null,
  ) {}

  /** @throws UserError where the library can neither be owned nor read. */
  static async open(runner: Runner, folder: string): Promise<OpenLibrary> {
    try {
      return new OpenLibrary(runner, folder, await openHost(runner, 'own', folder), null);
    } catch (error) {
      if (!(error instanceof LibraryInUse)) throw error;
      return new OpenLibrary(runner, folder, await openHost(runner, 'read', folder), error.message);
    }
  }

  /** To read from. Another one after {@link claim}: not to be kept. */
  get host(): Host {
    return this.opened;
  }

  get writable(): boolean {
    return this.reason === null;
  }

  /** Who owns the library, as a sentence; null where this app does. */
  get readOnlyReason(): string | null {
    return this.reason;
  }

  /**
   * To change something.
   * @throws UserError where another process owns the library.
   */
  get owned(): Host {
    this.checkWritable();
    return this.opened;
  }

  /** @throws UserError where another process owns the library. */
  checkWritable(): void {
    if (this.reason === null) return;
    throw new UserError(
      `${this.reason} Everything can be seen here, but nothing changed.`,
      'End the other program, then take the library over.',
    );
  }

  /** Tries to own the library. @returns true where it was not owned before and is now. */
  claim(): Promise<boolean> {
    this.claiming ??= this.tryToOwn().finally(() => (this.claiming = undefined));
    return this.claiming;
  }

  close(): void {
    this.opened.close();
  }

  private async tryToOwn(): Promise<boolean> {
    if (this.reason === null) return false;
    try {
      const host = await openHost(this.runner, 'own', this.folder);
      this.opened.close();
      this.opened = host;
      this.reason = null;
      return true;
    } catch (error) {
      if (!(error instanceof LibraryInUse)) throw error;
      this.reason = error.message;
      return false;
    }
  }
}
