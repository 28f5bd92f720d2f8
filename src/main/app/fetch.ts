/**
 * The one `fetch(Request) -> Response` handler behind every window: pages, arrays, pictures, exports and images to
 * search with, see
 * src/shared/api/files.ts. The shells check who asks before they call it.
 */
import { CLOSE_UP, LARGEST_THUMBNAIL } from '../../shared/api/files';
import { messageOf, UserError } from '../../shared/errors';
import { answerCurve, answerPoints, answerRows, answerRowsTable } from './answer-data';
import type { DataSets } from './data-sets';
import { takeQuery } from './answer-queries';
import { answerCopies, answerMap, answerSetImages } from './answer-sets';
import type { EmbeddingSets } from './embedding-sets';
import type { EventBus } from './event-bus';
import type { Exports } from './exports';
import type { OpenLibrary } from './open-library';
import { readPage } from './pages';
import type { Pictures } from './pictures';
import { bytes, problem } from './responses';
import { readPicture } from '../run-pictures';
import type { RunRows } from './run-rows';
import type { Search } from './search';

export interface FetchParts {
  library: OpenLibrary;
  bus: EventBus;
  rows: RunRows;
  pictures: Pictures;
  dataSets: DataSets;
  sets: EmbeddingSets;
  search: Search;
  exports: Exports;
  /** Folder of the built renderer. */
  pages: string;
}

export function createFetch(parts: FetchParts): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    const response = await answer(parts, request, url).catch(failure);
    response.headers.set('Content-Security-Policy', contentSecurityPolicy(url));
    response.headers.set('X-Content-Type-Options', 'nosniff');
    response.headers.set('Referrer-Policy', 'no-referrer');
    response.headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    return response;
  };
}

/** Everything comes from here; nothing is framed, embedded or sent elsewhere. */
function contentSecurityPolicy({ protocol, port }: URL): string {
  const sockets = protocol === 'http:' ? ` ws://127.0.0.1:${port} ws://localhost:${port}` : '';
  return [
    "default-src 'self'",
    `connect-src 'self'${sockets}`,
    "img-src 'self' data: blob:",
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

type Route = [
  pattern: RegExp,
  answer: (parts: FetchParts, names: string[], query: URLSearchParams) => Response | Promise<Response>,
];

/** The one address that takes a POST. */
const QUERIES = '/queries';

const ROUTES: readonly Route[] = [
  [/^\/data\/runs$/, (parts, _names, query) => answerRows(parts, query)],
  [/^\/data\/runs\.csv$/, (parts, _names, query) => answerRowsTable(parts, query)],
  [/^\/data\/runs\/([\w.-]{1,200})\/curve$/, (parts, [run], query) => answerCurve(parts, run, query)],
  [/^\/data\/runs\/([\w.-]{1,200})\/export$/, (parts, [run], query) => answerPoints(parts, run, query)],
  [
    /^\/pictures\/datasets\/([\w-]{1,64})\/(\d{1,9})$/,
    ({ dataSets, pictures }, [dataset, index], query) =>
      answerImage(query, 96, (size) => pictures.thumbnail(dataSets.get(dataset).path, Number(index), size)),
  ],
  [
    /^\/pictures\/views\/([\w-]{1,64})\/(\d{1,4})\/(original|\d{1,4})$/,
    (parts, [preview, image, view]) =>
      answerView(parts, preview, Number(image), view === 'original' ? view : Number(view)),
  ],
  [
    /^\/pictures\/runs\/([\w.-]{1,200})\/(\d{1,12})\/(\d{1,2})$/,
    (parts, [run, step, place]) => answerPicture(parts, run, Number(step), Number(place)),
  ],
  [/^\/data\/sets\/([\w-]{1,64})\/images$/, ({ sets }, [set]) => answerSetImages(sets, set)],
  [
    /^\/pictures\/queries\/([\w-]{1,64})$/,
    ({ search }, [id], query) =>
      answerImage(query, 512, (size) => search.thumbnail({ kind: 'query', id }, size)),
  ],
  [
    /^\/pictures\/sets\/([\w-]{1,64})\/(\d{1,9})$/,
    ({ search }, [set, row], query) =>
      answerImage(
        query,
        96,
        (size) =>
          search.thumbnail(
            { kind: 'row', set, row: Number(row), name: query.get('name') ?? undefined },
            size,
          ),
        CLOSE_UP,
      ),
  ],
  [/^\/data\/sets\/([\w-]{1,64})\/copies$/, (parts, [set]) => answerCopies(parts, set)],
  [/^\/data\/sets\/([\w-]{1,64})\/map$/, (parts, [set], query) => answerMap(parts, set, query)],
  [/^\/exports\/([\w-]{1,64})$/, ({ exports }, [id]) => exports.answer(id)],
];

async function answer(parts: FetchParts, request: Request, url: URL): Promise<Response> {
  const { method } = request;
  if (url.pathname === QUERIES && method === 'POST')
    return takeQuery(parts.search, request, url.searchParams);
  if (method !== 'GET') return problem(405, `${method} is not understood here; only GET is.`);
  for (const [pattern, answerWith] of ROUTES) {
    const found = pattern.exec(url.pathname);
    if (found) return answerWith(parts, found.slice(1), url.searchParams);
  }
  const page = await readPage(parts.pages, url.pathname);
  if (!page) return problem(404, `There is nothing at ${url.pathname}.`);
  return new Response(page.body, {
    headers: {
      'Content-Type': page.type,
      'Cache-Control': page.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  });
}

const SIZES = { least: 16, most: LARGEST_THUMBNAIL } as const;

/** A picture at the size that is asked for. @param usual where none is. @param most largest that may be. */
async function answerImage(
  query: URLSearchParams,
  usual: number,
  picture: (size: number) => Promise<Uint8Array<ArrayBuffer>>,
  most: number = SIZES.most,
): Promise<Response> {
  const size = Number(query.get('size') ?? usual);
  if (!Number.isInteger(size) || size < SIZES.least || size > most) {
    return problem(400, `size must be a whole number from ${SIZES.least} to ${most}.`);
  }
  // A window that names the check it knows of asks anew after the next one.
  return bytes(await picture(size), 'image/jpeg', query.has('v') ? 'forever' : 'briefly');
}

function answerView(
  { pictures }: FetchParts,
  preview: string,
  image: number,
  view: number | 'original',
): Response {
  const picture = pictures.view(preview, image, view);
  return picture
    ? bytes(picture, 'image/png', 'forever')
    : problem(404, 'This preview is not kept any more.', 'Ask for the views again.');
}

async function answerPicture(
  { library }: FetchParts,
  run: string,
  step: number,
  place: number,
): Promise<Response> {
  const { host } = library;
  const { id } = host.store.runs.get(run);
  return bytes(await readPicture(host.library.folder, id, step, place), 'image/png', 'briefly');
}

function failure(error: unknown): Response {
  if (error instanceof UserError) {
    return problem(error.kind === 'usage' ? 404 : 422, error.message, error.hint ?? null);
  }
  console.error(messageOf(error), error);
  return problem(500, 'Something went wrong inside Selvedge. The log of its terminal says what.');
}
