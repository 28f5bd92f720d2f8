/**
 * Nobody loses a run by closing a window: with a live run the user is asked, and may keep it training without a
 * window, stop it with a checkpoint, or stay.
 */
import { app, dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';
import { messageOf } from '../../../shared/errors';
import type { App } from '../../app/app';
import type { Log } from './log';
import type { MainWindow } from './main-window';

/** How long a program without window and work stays for the click on its last notification, ms. */
const LINGER = 60_000;

export interface QuitGuardParts {
  host: Pick<App, 'liveRuns' | 'stopAll' | 'killAll' | 'close'>;
  window: Pick<MainWindow, 'current' | 'show'>;
  /** Told when the program goes on without a window, and when it has one again. */
  onBackground(isBackground: boolean): void;
  log: Log;
}

type State =
  | 'open'
  /** Open, without a window and by the user's wish. */
  | 'background'
  | 'asking'
  /** Checkpoints are being written. */
  | 'stopping'
  | 'leaving'
  /** The library is given back: nothing more to wait for. */
  | 'closed';

export class QuitGuard {
  #state: State = 'open';
  #linger: NodeJS.Timeout | undefined;

  constructor(private readonly parts: QuitGuardParts) {
    app.on('before-quit', (event) => {
      if (this.#isLeaving || !this.#hasLiveRun) return;
      event.preventDefault();
      void this.#ask();
    });
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin' && this.#state !== 'background') app.quit();
    });
    app.on('will-quit', (event) => {
      if (this.#state === 'closed') return;
      event.preventDefault();
      void this.#giveBack();
    });
  }

  /** A window was opened: its closing is asked about too, but on a Mac, where the program outlives its windows. */
  follow(window: BrowserWindow): void {
    if (this.#state === 'background') this.#become('open');
    window.on('close', (event) => {
      if (process.platform === 'darwin' || this.#isLeaving || this.#state === 'background') return;
      if (!this.#hasLiveRun) return;
      event.preventDefault();
      void this.#ask();
    });
  }

  /** @param isBusy whether a run lives or waits. Without work and without a window the program ends by itself. */
  workChanged(isBusy: boolean): void {
    clearTimeout(this.#linger);
    if (isBusy || this.#state !== 'background' || process.platform === 'darwin') return;
    this.#linger = setTimeout(() => {
      if (this.#state === 'background') app.quit();
    }, LINGER);
  }

  /** Without asking: writes checkpoints, then quits. */
  async stopAndQuit(): Promise<void> {
    if (this.#state === 'stopping' || this.#isLeaving) return;
    if (this.#hasLiveRun) {
      const before = this.#state;
      this.#state = 'stopping';
      try {
        await this.parts.host.stopAll();
      } catch (error) {
        this.#state = before === 'background' ? 'background' : 'open';
        this.parts.log('error', 'a run could not be stopped', error);
        await this.#box({
          type: 'error',
          message: 'The run could not be stopped, so Selvedge stays open.',
          detail: messageOf(error),
          buttons: ['OK'],
        });
        return;
      }
    }
    this.#leave();
  }

  get #hasLiveRun(): boolean {
    return this.parts.host.liveRuns().length > 0;
  }

  get #isLeaving(): boolean {
    return this.#state === 'leaving' || this.#state === 'closed';
  }

  async #ask(): Promise<void> {
    if (this.#state === 'asking') return;
    if (this.#state === 'stopping') return this.#askAgain();
    const before = this.#state;
    this.#state = 'asking';
    const runs = this.parts.host.liveRuns();
    const { response } = await this.#box({
      type: 'question',
      message:
        runs.length === 1 ? `${runs[0].name} is still training.` : `${runs.length} runs are still training.`,
      detail: 'Stopped with a checkpoint, it can be continued later from where it is now.',
      buttons: ['Keep Training in the Background', 'Stop with a Checkpoint and Quit', 'Cancel'],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    });
    this.#state = before;
    // It may have ended while the question stood there.
    if (response === 0 && this.#hasLiveRun) this.#keepInBackground();
    else if (response === 0 || response === 1) await this.stopAndQuit();
  }

  async #askAgain(): Promise<void> {
    const { response } = await this.#box({
      type: 'question',
      message: 'The checkpoint is still being written.',
      detail: 'Without waiting, the run can be continued from its checkpoint before this one.',
      buttons: ['Wait', 'Quit without Waiting'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    if (response !== 1 || this.#state !== 'stopping') return;
    this.parts.host.killAll();
    this.#leave();
  }

  #keepInBackground(): void {
    this.#become('background');
    this.parts.window.current?.close();
  }

  #become(state: 'open' | 'background'): void {
    clearTimeout(this.#linger);
    this.#state = state;
    this.parts.onBackground(state === 'background');
  }

  #leave(): void {
    if (this.#isLeaving) return;
    this.#state = 'leaving';
    app.quit();
  }

  async #giveBack(): Promise<void> {
    this.#state = 'leaving';
    try {
      await this.parts.host.close();
    } catch (error) {
      this.parts.log('error', 'the library could not be closed', error);
    }
    this.#state = 'closed';
    app.quit();
  }

  #box(options: MessageBoxOptions): Promise<{ response: number }> {
    const window = this.parts.window.current;
    return window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options);
  }
}
