/** Answers of the fetch handler. */
import type { Problem } from '../../shared/api/files';

/** An answer that is not one: what was wrong, and what to do. */
export function problem(status: number, message: string, hint: string | null = null): Response {
  return json({ message, hint } satisfies Problem, status);
}

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } });
}

/** @param cache `never` for what changes, `forever` for what is named by its content, `briefly` for the rest. */
export function bytes(
  body: Uint8Array<ArrayBuffer>,
  type: string,
  cache: 'never' | 'briefly' | 'forever',
): Response {
  return new Response(body, { headers: { 'Content-Type': type, 'Cache-Control': CACHE[cache] } });
}

const CACHE = {
  never: 'no-store',
  briefly: 'private, max-age=300',
  forever: 'private, max-age=31536000, immutable',
} as const;

/** To be saved, under this name. */
export function attachment(body: ReadableStream, type: string, name: string): Response {
  return new Response(body, {
    headers: {
      'Content-Type': type,
      'Content-Disposition': contentDisposition(name),
      'Cache-Control': 'no-store',
    },
  });
}

/** RFC 6266: a plain name for all, and the true one where it has other letters. */
export function contentDisposition(name: string): string {
  const plain = name.replace(/[^\w.() -]/g, '_');
  const whole = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${whole}`}`;
}
