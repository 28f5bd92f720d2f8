/** The window: a sandboxed page of ours, where it was left. */
import { app, BrowserWindow, nativeTheme, screen, type BrowserWindowConstructorOptions } from 'electron';
import { join } from 'node:path';
import type { Log } from './log';
import { APP_ORIGIN } from './origin';
import { preloadScript, resource } from './resources';
import { readWindowState, visibleBounds, writeWindowState, type WindowState } from './window-state';

const DEFAULT_SIZE = { width: 1280, height: 800 };

/** What is seen until the page has painted, and while the window grows: the page colour of tokens.css. */
export const backgroundColor = (dark: boolean): string => (dark ? '#12151c' : '#fbfaf7');

/** @param state where to; the middle of the screen where left out. */
export function windowOptions(state: WindowState | undefined): BrowserWindowConstructorOptions {
  return {
    ...DEFAULT_SIZE,
    ...state?.bounds,
    minWidth: 720,
    minHeight: 480,
    title: 'Selvedge',
    show: false,
    backgroundColor: backgroundColor(nativeTheme.shouldUseDarkColors),
    // Elsewhere the packaged program has the icon.
    ...(process.platform === 'linux' ? { icon: resource('icon.png') } : {}),
    webPreferences: {
      preload: preloadScript(),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  };
}

/** Opens it hidden, and shows it once it has something to show. */
export function openWindow(log: Log): BrowserWindow {
  const file = join(app.getPath('userData'), 'window.json');
  const saved = readWindowState(file, log);
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const isVisible = saved !== undefined && visibleBounds(saved.bounds, areas) !== undefined;

  const window = new BrowserWindow(windowOptions(isVisible ? saved : undefined));
  keepState(window, file, log);

  const recolor = (): void => window.setBackgroundColor(backgroundColor(nativeTheme.shouldUseDarkColors));
  nativeTheme.on('updated', recolor);
  window.once('closed', () => nativeTheme.off('updated', recolor));

  window.once('ready-to-show', () => {
    // Not earlier: it shows the window as well.
    if (saved?.maximized) window.maximize();
    window.show();
  });
  window.loadURL(`${APP_ORIGIN}/`).catch((error: unknown) => {
    log('error', 'the page could not be loaded', error);
    // Better a blank window than a program that cannot be seen.
    if (!window.isDestroyed()) window.show();
  });
  return window;
}

/** How long after the last movement the place is written, ms. */
const SETTLED = 500;

function keepState(window: BrowserWindow, file: string, log: Log): void {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    try {
      writeWindowState(file, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
    } catch (error) {
      log('warning', `where the window is could not be written to ${file}`, error);
    }
  };
  const saveSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, SETTLED);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('close', save);
  window.on('closed', () => clearTimeout(timer));
}
