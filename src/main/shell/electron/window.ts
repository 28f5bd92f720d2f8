/** The window: a sandboxed page of ours that can go nowhere else. */
import { BrowserWindow, type BrowserWindowConstructorOptions, type WebContents } from 'electron';
import { fileURLToPath } from 'node:url';

export const APP_ORIGIN = 'app://selvedge';

export function windowOptions(dark: boolean): BrowserWindowConstructorOptions {
  return {
    width: 1280,
    height: 800,
    minWidth: 720,
    minHeight: 480,
    title: 'Selvedge',
    show: false,
    // What is seen until the page has painted: the page colour of tokens.css.
    backgroundColor: dark ? '#12151c' : '#fbfaf7',
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/index.cjs', import.meta.url)),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  };
}

export async function openWindow(dark: boolean): Promise<BrowserWindow> {
  const window = new BrowserWindow(windowOptions(dark));
  window.once('ready-to-show', () => window.show());
  await window.loadURL(`${APP_ORIGIN}/`);
  return window;
}

/** For every page, whoever opens it: no navigation away, no new windows, no embedded pages. */
export function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
