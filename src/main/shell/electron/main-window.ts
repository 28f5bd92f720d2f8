/** The one window there is, or is not: it may be closed while runs go on, and is opened again when it is needed. */
import type { BrowserWindow } from 'electron';
import { channels } from '../../../shared/bridge-channels';

export class MainWindow {
  #window: BrowserWindow | undefined;

  /** @param open makes a window. */
  constructor(private readonly open: () => BrowserWindow) {}

  get current(): BrowserWindow | undefined {
    return this.#window;
  }

  get isFocused(): boolean {
    return this.#window?.isFocused() ?? false;
  }

  /** Opens it, or brings it to the front. */
  show(): BrowserWindow {
    if (this.#window) {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      return this.#window;
    }
    const window = this.open();
    this.#window = window;
    window.once('closed', () => (this.#window = undefined));
    return window;
  }

  /** Has the page run one of its actions. */
  command(action: string): void {
    this.#send(channels.command, action);
  }

  /** Has the page go to one of its routes. */
  go(path: string): void {
    this.#send(channels.go, path);
  }

  #send(channel: string, text: string): void {
    const { webContents } = this.show();
    // Sent earlier, it would find nobody; the preload keeps it until the page listens.
    if (webContents.isLoadingMainFrame())
      webContents.once('did-finish-load', () => webContents.send(channel, text));
    else webContents.send(channel, text);
  }
}
