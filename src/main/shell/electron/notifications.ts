/** Calls the user when a run ends or collapses while the window is out of sight. */
import { app, Notification } from 'electron';
import type { RunRow } from '../../../shared/api/run-rows';
import { resource } from './resources';
import type { RunNews } from './run-watch';

export interface NotificationText {
  title: string;
  body: string;
}

/** @returns undefined for what the user did, and so knows. */
export function notificationOf({ kind, row }: RunNews): NotificationText | undefined {
  if (kind === 'collapsed') {
    return {
      title: `${row.name} has collapsed`,
      body: 'Its representations have become alike. Open the run to see what to change.',
    };
  }
  switch (row.state) {
    case 'done':
      return { title: `${row.name} is done`, body: `Trained for ${amountOf(row)}.` };
    case 'failed':
    case 'interrupted':
      return {
        title: `${row.name} ${row.state === 'failed' ? 'failed' : 'was interrupted'}`,
        body: [row.failure ?? 'Its log says why.', row.hint].filter(Boolean).join(' '),
      };
    case 'queued':
    case 'running':
    case 'paused':
    case 'stopped':
      return undefined;
  }
}

function amountOf({ epoch, step }: RunRow): string {
  const steps = `${step.toLocaleString('en-US')} ${step === 1 ? 'step' : 'steps'}`;
  const whole = Math.floor(epoch);
  return whole === 0
    ? steps
    : `${whole.toLocaleString('en-US')} ${whole === 1 ? 'epoch' : 'epochs'}, ${steps}`;
}

/** Shows notifications, and counts on the dock icon those that were not looked at. */
export class Notifier {
  /** Kept until they are clicked or closed: one that is collected answers no click. */
  readonly #shown = new Set<Notification>();
  #unseen = 0;

  /** @param open shows a run in the window. */
  constructor(private readonly open: (run: string) => void) {}

  show(news: RunNews): void {
    const text = notificationOf(news);
    if (!text || !Notification.isSupported()) return;
    const notification = new Notification({ ...text, icon: resource('icon.png') });
    this.#shown.add(notification);
    notification.on('click', () => {
      this.#shown.delete(notification);
      this.open(news.row.id);
    });
    notification.on('close', () => this.#shown.delete(notification));
    notification.show();
    this.#unseen++;
    app.setBadgeCount(this.#unseen);
  }

  /** The user looks at the window. */
  seen(): void {
    if (this.#unseen === 0) return;
    this.#unseen = 0;
    app.setBadgeCount(0);
  }
}
