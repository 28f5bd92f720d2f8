/** What the desktop shows of the runs: progress on the icon, notifications, a machine that stays awake. */
import { nativeTheme } from 'electron';
import type { HostEvent } from '../../../shared/api/events';
import type { Settings } from '../../../shared/api/host';
import type { RunRow } from '../../../shared/api/run-rows';
import type { MainWindow } from './main-window';
import { Notifier } from './notifications';
import { WakeLock } from './power';
import { RunWatch } from './run-watch';
import { showProgress } from './taskbar';

export class Desktop {
  readonly #watch: RunWatch;
  readonly #notifier: Notifier;
  readonly #wakeLock = new WakeLock();

  /** @param rows of the runs that live or wait now. */
  constructor(
    private readonly window: MainWindow,
    private settings: Settings,
    rows: readonly RunRow[],
  ) {
    this.#watch = new RunWatch(rows);
    this.#notifier = new Notifier((run) => window.go(`/runs/${encodeURIComponent(run)}`));
    this.#applyTheme();
    this.refresh();
  }

  /** Whether a run lives or waits. */
  get isBusy(): boolean {
    return this.#watch.isBusy;
  }

  take(event: HostEvent): void {
    if (event.type === 'settings') {
      this.settings = event.settings;
      this.#applyTheme();
      return;
    }
    const news = this.#watch.take(event);
    if (news && this.settings.notifications && !this.window.isFocused) this.#notifier.show(news);
    if (event.type === 'run' || event.type === 'run-deleted' || event.type === 'progress') this.refresh();
  }

  /** Also after a window was opened, whose icon shows nothing yet. */
  refresh(): void {
    this.#wakeLock.hold(this.#watch.isTraining);
    if (this.window.current) showProgress(this.window.current, this.#watch.taskbar);
  }

  /** The user looks at the window. */
  seen(): void {
    this.#notifier.seen();
  }

  end(): void {
    this.#wakeLock.hold(false);
  }

  /** Dialogs, menus and the page's own media query follow. */
  #applyTheme(): void {
    nativeTheme.themeSource = this.settings.theme;
  }
}
