/** A one-off job at a terminal: its progress, its log, and Ctrl-C. */
import type { JobOptions } from '../encoder-jobs';
import type { Context } from './context';
import { ProgressView } from './progress-view';

export async function watchJob<T>(context: Context, start: (options: JobOptions) => Promise<T>): Promise<T> {
  const view = new ProgressView(context);
  try {
    return await context.interruptible((signal) =>
      start({
        signal,
        onMessage(message) {
          view.hear(message);
          if (message.type === 'log') view.note(message.message);
          if (message.type === 'event') view.line(message.message);
          if (message.type === 'progress') {
            const { version: _version, ...line } = message;
            context.emit(line);
          }
        },
      }),
    );
  } finally {
    view.end();
  }
}
