/** The Electron shell: one window on the fetch handler, mounted on app://selvedge. */
import { app, BrowserWindow, nativeTheme, protocol, session } from 'electron';
import { databasePath, defaultLibraryFolder } from '../../library';
import { createApi, problem } from '../api';
import { builtPages } from '../pages';
import { openRunSource } from '../run-source';
import { APP_ORIGIN, confine, openWindow } from './window';

// Both must happen before Electron is ready.
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
app.on('web-contents-created', (_event, contents) => confine(contents));

if (app.requestSingleInstanceLock()) start();
else app.quit();

function start(): void {
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  // Not awaited: Electron becomes ready only once this module has been evaluated.
  void app.whenReady().then(open);
}

async function open(): Promise<void> {
  const library = defaultLibraryFolder();
  const runs = openRunSource(databasePath(library));
  app.on('will-quit', () => runs.close());

  const handler = createApi({ library, runs, pages: builtPages() });
  protocol.handle('app', (request) =>
    request.url.startsWith(`${APP_ORIGIN}/`) ? handler(request) : problem(404, 'There is nothing here.'),
  );
  // Nothing that Selvedge does needs a permission of the browser's.
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.defaultSession.setPermissionCheckHandler(() => false);

  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void openWindow(nativeTheme.shouldUseDarkColors);
  });
  await openWindow(nativeTheme.shouldUseDarkColors);
}
