/**
 * The one `fetch(Request) -> Response` handler behind every window: pages and read-only answers. Electron mounts it
 * on app://, the headless server on HTTP; both check who asks before they call it.
 */
import { messageOf, UserError } from '../../shared/errors';
import type { MetricsAnswer, Problem, RunsAnswer } from '../../shared/api';
import { readPage } from './pages';
import type { RunSource } from './run-source';

export type FetchHandler = (request: Request) => Promise<Response>;

/** Everything comes from here; nothing is framed, embedded or sent elsewhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const MAX_BUCKETS = 5000;

export interface ApiOptions {
  /** The library folder, to be shown. */
  library: string;
  runs: RunSource;
  /** Folder of the built renderer. */
  pages: string;
}

export function createApi(options: ApiOptions): FetchHandler {
  return async (request) => {
    const response = await answer(options, request).catch(failure);
    response.headers.set('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    response.headers.set('X-Content-Type-Options', 'nosniff');
    response.headers.set('Referrer-Policy', 'no-referrer');
    response.headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    return response;
  };
}

/** An answer that is not one: what was wrong, and what to do. */
export function problem(status: number, message: string, hint: string | null = null): Response {
  return json({ message, hint } satisfies Problem, status);
}

async function answer({ library, runs, pages }: ApiOptions, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (request.method !== 'GET') return problem(405, `${request.method} is not understood here; only GET is.`);
  if (url.pathname === '/api/runs') return json({ library, runs: runs.list() } satisfies RunsAnswer);

  const metrics = /^\/api\/runs\/([\w.-]+)\/metrics$/.exec(url.pathname);
  if (metrics) return metricsOf(runs, metrics[1], url.searchParams.get('buckets') ?? '200');

  const page = url.pathname.startsWith('/api/') ? undefined : await readPage(pages, url.pathname);
  if (!page) return problem(404, `There is nothing at ${url.pathname}.`);
  return new Response(page.body, {
    headers: {
      'Content-Type': page.type,
      'Cache-Control': page.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  });
}

function metricsOf(runs: RunSource, id: string, bucketsText: string): Response {
  const buckets = Number(bucketsText);
  if (!Number.isInteger(buckets) || buckets < 1 || buckets > MAX_BUCKETS) {
    return problem(400, `buckets is ${bucketsText}; it must be a whole number from 1 to ${MAX_BUCKETS}.`);
  }
  const metrics = runs.metrics(id, buckets);
  return metrics ? json({ metrics } satisfies MetricsAnswer) : problem(404, `There is no run ${id}.`);
}

function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } });
}

function failure(error: unknown): Response {
  if (error instanceof UserError) return problem(500, error.message, error.hint ?? null);
  console.error(error);
  return problem(500, messageOf(error));
}
