/** Serves a library to browsers on this machine until it is interrupted; `npm start` and `selvedge serve` are this. */
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../../shared/errors';
import { openApp, type App } from '../../app/app';
import type { Runner } from '../../supervisor/job-process';
import { openBrowser } from './open-browser';
import { startServer, type HeadlessServer } from './server';

export interface ServeOptions {
  runner: Runner;
  /** The library folder. */
  library: string;
  /** 0 takes any free one. */
  port: number;
  /** Folders that the folder picker may show; the home folder where there are none. */
  roots: readonly string[];
  /** Opens the user's browser. */
  open: boolean;
}

/** Where it is served from, in a terminal. */
export interface ServeTerminal {
  /** The address, and what is being done. */
  say(text: string): void;
  /** Calls `handler` for every Ctrl-C, hang-up or request to terminate; returns how to end that. */
  onInterrupt(handler: () => void): () => void;
  /** It serves now. */
  onServing?(server: HeadlessServer): void;
}

/**
 * @returns once it was interrupted and everything has ended.
 * @throws UserError where the library, a root or the port cannot be had.
 */
export async function serve(options: ServeOptions, terminal: ServeTerminal): Promise<void> {
  const app = await openApp({
    runner: options.runner,
    library: options.library,
    shell: 'headless',
    roots: options.roots.length ? options.roots : [homedir()],
    pages: builtPages(),
  });
  try {
    const server = await startServer(app, options.port);
    terminal.say(`Selvedge is at ${server.url}\nCtrl-C stops it.`);
    terminal.onServing?.(server);
    if (options.open) openBrowser(server.url);
    await interrupted(app, terminal);
    await server.close();
  } finally {
    await app.close();
  }
}

/** @throws UserError (usage) for what is no port. */
export function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UserError(
    `--port is ${text}; it must be a whole number from 0 to 65535.`,
    'Leave it out for any free one.',
    'usage',
  );
}

/** Settles when nothing trains any more: the first Ctrl-C stops with a checkpoint, the second at once. */
async function interrupted(app: App, terminal: ServeTerminal): Promise<void> {
  let asked = false;
  let release = (): void => undefined;
  await new Promise<void>((stopped, failed) => {
    release = terminal.onInterrupt(() => {
      if (asked) {
        app.killAll();
        return;
      }
      asked = true;
      const [live] = app.liveRuns();
      if (live) {
        terminal.say(`Stopping ${live.name} with a checkpoint. Ctrl-C again ends it at once.`);
      }
      app.stopAll().then(stopped, failed);
    });
  });
  release();
}

/** Where the build puts the renderer, seen from the built program in out/main/. */
const builtPages = (): string => fileURLToPath(new URL('../renderer', import.meta.url));
