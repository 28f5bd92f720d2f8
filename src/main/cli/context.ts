/** What every command needs: where to write, which library, and how to reach the runner. */
import { resolve } from 'node:path';
import { openHost, type Host } from '../host';
import { defaultLibraryFolder } from '../library';
import { toJson } from '../json';
import { LibraryInUse } from '../lock';
import type { Access } from '../store/database';
import type { Runner } from '../supervisor/job-process';
import type { Terminal } from './terminal';

/** Options that every command takes. */
export interface CommonOptions {
  library?: string;
  json?: boolean;
}

export class Context {
  /** One JSON object a line on stdout instead of text. */
  json = false;
  /** What the process ends with: 0 done, 1 failed, 2 bad usage. */
  exitCode = 0;
  private library: string | undefined;

  constructor(
    readonly terminal: Terminal,
    readonly runner: Runner,
  ) {}

  configure(options: CommonOptions): void {
    this.json = options.json ?? false;
    this.library = options.library;
  }

  get libraryFolder(): string {
    return this.library === undefined ? defaultLibraryFolder(this.terminal.env) : resolve(this.library);
  }

  /** The answer for a person; nothing with --json. */
  print(text: string): void {
    if (!this.json) this.terminal.stdout.write(`${text}\n`);
  }

  /** The answer for a program; nothing without --json. NaN and infinities become strings. */
  emit(line: { type: string } & Record<string, unknown>): void {
    if (this.json) this.terminal.stdout.write(`${toJson(line)}\n`);
  }

  /** A remark beside the answer. */
  note(text: string): void {
    this.terminal.stderr.write(`${text}\n`);
  }

  /** A command line that does the same from any folder, to copy. */
  commandLine(args: string): string {
    const program = this.terminal.env['npm_command'] === 'exec' ? 'npx selvedge' : 'selvedge';
    return `${program} ${args}${this.library === undefined ? '' : ` --library ${quote(this.libraryFolder)}`}`;
  }

  async withHost<T>(access: Access, work: (host: Host) => Promise<T> | T): Promise<T> {
    const host = await openHost(this.runner, access, this.libraryFolder);
    try {
      return await work(host);
    } finally {
      host.close();
    }
  }

  /** Owns the library to record the result; where another process owns it, the result is only printed. */
  async withHostToRecord<T>(work: (host: Host) => Promise<T>): Promise<T> {
    let host: Host;
    try {
      host = await openHost(this.runner, 'own', this.libraryFolder);
    } catch (error) {
      if (!(error instanceof LibraryInUse)) throw error;
      this.note(`${error.message} The result is printed, but not recorded.`);
      return this.withHost('read', work);
    }
    try {
      return await work(host);
    } finally {
      host.close();
    }
  }

  /** Runs `work` with a signal that the first Ctrl-C aborts. */
  async interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const release = this.terminal.onInterrupt(() => controller.abort());
    try {
      return await work(controller.signal);
    } finally {
      release();
    }
  }
}

function quote(text: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(text) ? text : JSON.stringify(text);
}
