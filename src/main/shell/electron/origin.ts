/** The one origin of the app's own pages, and how to tell that something comes from there. */

export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://selvedge`;

/** @param url as Electron gives it: of a request, a frame or a navigation. */
export const isAppUrl = (url: string): boolean => url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`);
