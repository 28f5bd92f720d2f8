/** A one-off job at a terminal: its progress, its log, and Ctrl-C. */
import type { JobOptions } from '../encoder-jobs';
import type { Context } from './context';
import { ProgressView } from './progress-view';

export async function watchJob<T>(context: Context, start: (options: JobOptions) => Promise<T>): Promise<T> {
  const view = new ProgressView(context);
  let doing = '';
  try {
    return await context.interruptible((signal) =>
      start({
        signal,
        onMessage(message) {
          view.hear(message);
          if (message.type === 'log') view.note(message.message);
          if (message.type === 'event') view.line(message.message);
          if (message.type === 'work') {
            const { version: _version, ...line } = message;
            context.emit(line);
            if (line.doing !== doing) view.note(`${(doing = line.doing)} ...`);
          }
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
