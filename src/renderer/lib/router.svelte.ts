/** Where the window is, and how it gets elsewhere. */
import { href, parseRoute, type Route } from './routes';

export { comparePath, href, runPath } from './routes';

class CurrentRoute {
  current: Route = $state.raw(parseRoute(location.hash));

  constructor() {
    addEventListener('hashchange', () => (this.current = parseRoute(location.hash)));
  }
}

export const route = new CurrentRoute();

/** @param path "/runs/abc", with or without the #. */
export function go(path: string): void {
  location.hash = path.startsWith('#') ? path : href(path);
}

/** Changes the query of the present page without a step in the history: for what is typed into a filter. */
export function setQuery(patch: Readonly<Record<string, string | undefined>>): void {
  const [path] = location.hash.replace(/^#/, '').split('?', 1);
  history.replaceState(null, '', href(path || '/runs', { ...route.current.query, ...patch }));
  route.current = parseRoute(location.hash);
}
