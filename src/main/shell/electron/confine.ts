/** What pages may not do: navigate away, open windows, embed pages, ask for permissions, fetch files from elsewhere. */
import { app, shell, type Session, type WebContents } from 'electron';
import { isAllowedLink } from './links';
import type { Log } from './log';
import { isAppUrl } from './origin';

/** For every page there will ever be, whoever opens it. */
export function confineAll(log: Log): void {
  app.on('web-contents-created', (_event, contents) => confine(contents, log));
}

function confine(contents: WebContents, log: Log): void {
  contents.on('will-frame-navigate', (event) => {
    // Reloading is no way out; anything else of ours is a route behind "#", which is no navigation.
    if (event.isMainFrame && event.url === contents.getURL() && isAppUrl(event.url)) return;
    event.preventDefault();
    follow(event.url, log);
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
    log('warning', `refused a redirection to ${event.url}`);
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log('warning', 'refused to embed a page');
  });
  contents.setWindowOpenHandler(({ url }) => {
    follow(url, log);
    return { action: 'deny' };
  });
}

/** A link out of the app opens in the user's browser, where it is one of those that we know. */
function follow(url: string, log: Log): void {
  if (isAllowedLink(url)) {
    shell.openExternal(url).catch((error: unknown) => log('error', `could not open ${url}`, error));
  } else {
    log('warning', `refused to go to ${url}`);
  }
}

/**
 * Nothing that Selvedge does needs a permission of the browser's, with one exception: putting text on the clipboard,
 * which the copy buttons do and which can read nothing.
 */
export function denyPermissions(session: Session): void {
  const isAllowed = (permission: string, isMainFrame: boolean, url: string | undefined): boolean =>
    permission === 'clipboard-sanitized-write' && isMainFrame && url !== undefined && isAppUrl(url);
  session.setPermissionRequestHandler((_contents, permission, decide, details) =>
    decide(isAllowed(permission, details.isMainFrame, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    isAllowed(permission, details.isMainFrame, details.requestingUrl ?? origin),
  );
  session.setDevicePermissionHandler(() => false);
}

/** Downloads are of our own files only; the system asks where to. */
export function confineDownloads(session: Session, log: Log): void {
  session.on('will-download', (event, item) => {
    const url = item.getURL();
    if (isAppUrl(url) || url.startsWith(`blob:app://selvedge/`)) return;
    event.preventDefault();
    log('warning', `refused to download ${url}`);
  });
}
