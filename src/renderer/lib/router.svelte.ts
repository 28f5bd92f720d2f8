/** Where the window is, and how it gets elsewhere. */
import { href, parseRoute, type Route } from './routes';

export { comparePath, href, runPath } from './routes';

class CurrentRoute {
  #hash = location.hash;
  current: Route = $state.raw(parseRoute(this.#hash));

  constructor() {
    addEventListener('hashchange', () => this.follow());
  }

  /** Takes over what stands in the address. */
  follow(): void {
    if (location.hash === this.#hash) return;
    this.#hash = location.hash;
    this.current = parseRoute(this.#hash);
  }
}

export const route = new CurrentRoute();

/** @param path "/runs/abc", with or without the #. */
export function go(path: string): void {
  location.hash = path.startsWith('#') ? path : href(path);
  // Before its event comes: what a menu asks for next is meant for the new page.
  route.follow();
}

/** Changes the query of the present page without a step in the history: for what is typed into a filter. */
export function setQuery(patch: Readonly<Record<string, string | undefined>>): void {
  const [path] = location.hash.replace(/^#/, '').split('?', 1);
  history.replaceState(null, '', href(path || '/runs', { ...route.current.query, ...patch }));
  route.follow();
}
