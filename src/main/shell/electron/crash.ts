/** What happens when something of ours breaks: it is written down and told, and no run ends by it. */
import { app, dialog, shell, type BrowserWindow } from 'electron';
import { messageOf } from '../../../shared/errors';
import type { Log } from './log';

/** A page that ends again so soon would go on doing so, ms. */
const SOON = 60_000;

/** Loads a page anew whose process died; the second time within a minute the user decides. */
export function reviveAfterCrash(window: BrowserWindow, log: Log): void {
  let last = -Infinity;
  const reload = (): void => {
    if (!window.isDestroyed()) window.webContents.reload();
  };
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    log('error', `the page's process ended: ${reason}, code ${exitCode}`);
    const isAgain = Date.now() - last < SOON;
    last = Date.now();
    // Not from within the event, which Electron is still handling.
    if (!isAgain) setImmediate(reload);
    else void askAfterCrash(window, reload, reason);
  });
}

async function askAfterCrash(window: BrowserWindow, reload: () => void, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window has crashed again.',
    detail: `${
      reason === 'oom' ? 'It ran out of memory.' : `The system says: ${reason}.`
    } Runs in training go on, and lose nothing.`,
    buttons: ['Reload', 'Close the Window'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  if (response === 0) reload();
  else if (!window.isDestroyed()) window.close();
}

/** How long after telling of an error others are only written down, ms. */
const TELL_AGAIN_AFTER = 60_000;

/** An error that nobody caught must not take the runs along. */
export function surviveErrors(log: Log, logFile: string): void {
  let told = -Infinity;
  const report = (error: unknown): void => {
    log('error', 'not caught by anybody', error);
    if (Date.now() - told < TELL_AGAIN_AFTER) return;
    told = Date.now();
    const message = 'Something went wrong inside Selvedge.';
    const detail = `${messageOf(error)}\n\nRuns in training go on. The log has the details: ${logFile}`;
    if (!app.isReady()) {
      dialog.showErrorBox(message, detail);
      return;
    }
    dialog
      .showMessageBox({
        type: 'error',
        message,
        detail,
        buttons: ['Go On', 'Show the Log'],
        defaultId: 0,
        cancelId: 0,
        noLink: true,
      })
      .then(({ response }) => {
        if (response === 1) shell.showItemInFolder(logFile);
      })
      .catch((failure: unknown) => log('error', 'the error could not be told', failure));
  };
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
}
