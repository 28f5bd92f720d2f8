/** Images to search with, as windows send and fetch them. */
import { MAX_QUERY_BYTES } from '../../shared/explorer/search';
import { UserError } from '../../shared/errors';
import { json, problem } from './responses';
import type { Search } from './search';

const MAX_NAME = 255;

/** Takes in the body of a POST. @returns a QueryImage as JSON. @throws UserError where it is no image. */
export async function takeQuery(search: Search, request: Request, query: URLSearchParams): Promise<Response> {
  const bytes = await readAtMost(request, MAX_QUERY_BYTES);
  if (!bytes)
    return problem(
      413,
      `The file is over the limit of ${MAX_QUERY_BYTES / 2 ** 20} MiB.`,
      'Make the image smaller, or save it as JPEG.',
    );
  if (bytes.byteLength === 0) throw new UserError('There is no image: the file is empty (0 bytes).');
  const name = query.get('name')?.slice(0, MAX_NAME) || 'The image';
  return json(await search.take(name, bytes));
}

/** @returns null where there is more; no more than that is read then. */
async function readAtMost(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the stream.
  for await (const part of request.body ?? []) {
    length += part.byteLength;
    if (length > limit) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
