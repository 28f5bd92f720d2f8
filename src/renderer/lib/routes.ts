/** Addresses of pages: what stands after the # and what it means. */

export type PageName =
  'runs' | 'run' | 'new' | 'compare' | 'experiments' | 'explore' | 'data' | 'settings' | 'missing';

export interface Route {
  page: PageName;
  /** Of the run, data set or experiment, where the page is of one. */
  id: string | null;
  query: Readonly<Record<string, string>>;
}

/** @param hash as location.hash has it; empty means the runs. */
export function parseRoute(hash: string): Route {
  const [path, search = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const query = Object.fromEntries(new URLSearchParams(search));
  const [first = '', id, ...rest] = path.split('/').map(decode);
  const page = rest.length > 0 ? 'missing' : pageOf(first, Boolean(id));
  return { page, id: id || null, query };
}

function pageOf(name: string, hasId: boolean): PageName {
  switch (name) {
    case '':
      return hasId ? 'missing' : 'runs';
    case 'runs':
      return hasId ? 'run' : 'runs';
    case 'data':
    case 'experiments':
      return name;
    case 'new':
    case 'compare':
    case 'explore':
    case 'settings':
      return hasId ? 'missing' : name;
    default:
      return 'missing';
  }
}

/** @param path "/runs/abc?x=1", or its parts. */
export function href(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  // Commas are common in addresses of compared runs, and harmless.
  const text = search.toString().replaceAll('%2C', ',');
  return `#${path.startsWith('/') ? '' : '/'}${path}${text && `?${text}`}`;
}

export const runPath = (id: string): string => `/runs/${encodeURIComponent(id)}`;
export const comparePath = (ids: readonly string[]): string => href('/compare', { runs: ids.join(',') });

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
