/** The Electron shell: one process, one library, one window on app://selvedge. */
import { createRouterClient } from '@orpc/server';
import { app, dialog, powerMonitor, session, shell } from 'electron';
import { join } from 'node:path';
import { UserError } from '../../../shared/errors';
import { openApp, type App } from '../../app/app';
import { nodePath } from '../../supervisor/node-path';
import { openBridge } from './bridge';
import { confineAll, confineDownloads, denyPermissions } from './confine';
import { reviveAfterCrash, surviveErrors } from './crash';
import { Desktop } from './desktop';
import { openLog, type Log } from './log';
import { MainWindow } from './main-window';
import { setMenu } from './menu';
import { startOptions, type StartOptions } from './options';
import { PagePorts } from './ports';
import { registerScheme, serve } from './protocol';
import { QuitGuard } from './quit';
import { pagesFolder, runnerScript } from './resources';
import { sentences } from './senders';
import { otherLibraryOf, takeInstance } from './single-instance';
import { BackgroundIcon } from './tray';
import { openWindow } from './window';

/** Tells bin/start.mjs that Selvedge itself could not start, and that a browser would not help. */
const REFUSED = 3;

app.setName('Selvedge');
app.setAppUserModelId('selvedge');
// Not the default "selvedge": where names have no case it would be the library's own folder.
if (!app.commandLine.hasSwitch('user-data-dir')) {
  app.setPath('userData', join(app.getPath('appData'), 'selvedge-desktop'));
}
const logFile = join(app.getPath('userData'), 'logs', 'selvedge.log');
const log = openLog(logFile);
surviveErrors(log, logFile);
registerScheme();
confineAll(log);

const options = optionsOrExit();
if (options) {
  if (takeInstance(options.library)) {
    // Not awaited: Electron becomes ready only once this module has been evaluated.
    void app.whenReady().then(() => start(options, log));
  } else {
    console.log('Selvedge is open already: its window comes to the front.');
    app.quit();
  }
}

async function start({ library, roots }: StartOptions, log: Log): Promise<void> {
  let host: App;
  try {
    host = await openApp({
      runner: { script: runnerScript(), execPath: nodePath() },
      library,
      shell: 'electron',
      roots,
      pages: pagesFolder(),
      reveal: (path) => shell.showItemInFolder(path),
    });
  } catch (error) {
    refuse(error);
    return;
  }
  const api = createRouterClient(host.router);
  const ports = new PagePorts(host.router);
  serve((request) => host.fetch(request), log);
  denyPermissions(session.defaultSession);
  confineDownloads(session.defaultSession, log);
  openBridge(host, ports, log);

  const window: MainWindow = new MainWindow(() => {
    const opened = openWindow(log);
    ports.follow(opened.webContents);
    reviveAfterCrash(opened, log);
    guard.follow(opened);
    opened.on('focus', () => desktop.seen());
    return opened;
  });
  const desktop = new Desktop(window, await api.host.settings(), host.liveRuns());
  const icon = new BackgroundIcon(
    { open: () => void window.show(), stopAndQuit: () => void guard.stopAndQuit() },
    log,
  );
  const guard = new QuitGuard({
    host,
    window,
    onBackground: (isBackground) => (isBackground ? icon.show() : icon.hide()),
    log,
  });
  host.on(({ event }) => {
    desktop.take(event);
    guard.workChanged(desktop.isBusy);
  });
  setMenu({
    command: (action, route) => {
      if (route) window.go(route);
      window.command(action);
    },
    openLibraryFolder: () => void shell.openPath(library),
  });

  app.on('activate', () => void window.show());
  app.on('second-instance', (_event, _argv, _folder, data) => {
    window.show();
    const other = otherLibraryOf(data, library);
    if (other !== undefined) tellOfOtherLibrary(other);
  });
  app.on('quit', () => desktop.end());
  // Its type leaves out the event, with which the system's patience can be asked for.
  powerMonitor.on('shutdown', ((event: { preventDefault(): void }) => {
    event.preventDefault();
    void guard.stopAndQuit();
  }) as () => void);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // The second one ends the program at once, as it does by default.
    process.once(signal, () => void guard.stopAndQuit());
  }

  window.show();
  desktop.refresh();

  function tellOfOtherLibrary(other: string): void {
    const message = {
      type: 'info' as const,
      message: 'Selvedge has one library open at a time.',
      detail: `This is ${library}. To open ${other}, quit Selvedge first.`,
      buttons: ['OK'],
    };
    const shown = window.current
      ? dialog.showMessageBox(window.current, message)
      : dialog.showMessageBox(message);
    shown.catch((error: unknown) => log('error', 'the other library could not be told of', error));
  }
}

function optionsOrExit(): StartOptions | undefined {
  try {
    return startOptions(process.argv.slice(1));
  } catch (error) {
    refuse(error);
    return undefined;
  }
}

function refuse(error: unknown): void {
  log('error', 'Selvedge could not start', error instanceof UserError ? undefined : error);
  process.stderr.write(`${sentences(error)}\n`);
  dialog.showErrorBox('Selvedge could not start', sentences(error));
  app.exit(REFUSED);
}
