/** An icon beside the clock while runs train without a window. A Mac has the dock icon for this. */
import { Menu, Tray } from 'electron';
import type { Log } from './log';
import { resource } from './resources';

export interface TrayTargets {
  open(): void;
  stopAndQuit(): void;
}

export class BackgroundIcon {
  #tray: Tray | undefined;

  constructor(
    private readonly targets: TrayTargets,
    private readonly log: Log,
  ) {}

  show(): void {
    if (process.platform === 'darwin' || this.#tray) return;
    try {
      this.#tray = new Tray(resource('tray.png'));
    } catch (error) {
      // Some Linux desktops have no place for it; starting Selvedge again brings the window back all the same.
      this.log('warning', 'no icon could be shown beside the clock', error);
      return;
    }
    this.#tray.setToolTip('Selvedge is training');
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open Selvedge', click: () => this.targets.open() },
        { type: 'separator' },
        { label: 'Stop with a Checkpoint and Quit', click: () => this.targets.stopAndQuit() },
      ]),
    );
    this.#tray.on('click', () => this.targets.open());
  }

  hide(): void {
    this.#tray?.destroy();
    this.#tray = undefined;
  }
}
