/** app://selvedge, where the pages and all that they fetch come from: the host's fetch handler. */
import { protocol } from 'electron';
import type { Log } from './log';
import { APP_SCHEME, isAppUrl } from './origin';

/** Must be called before Electron is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

export function serve(handler: (request: Request) => Promise<Response>, log: Log): void {
  protocol.handle(APP_SCHEME, async (request) => {
    if (!isAppUrl(request.url)) return plain(404, 'There is nothing here.');
    try {
      return await handler(request);
    } catch (error) {
      log('error', `${request.method} ${request.url} failed`, error);
      return plain(500, 'This could not be answered; the log of Selvedge says why.');
    }
  });
}

/** Answers of the shell's own: they run nothing. */
const plain = (status: number, text: string): Response =>
  new Response(text, {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
    },
  });
