/** Arrays of embedding sets, as windows fetch them. */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { UserError } from '../../shared/errors';
import { IMAGES_FILE, setImageSchema, type SetImage } from '../../shared/explorer/sets';
import { mapMethodSchema } from '../../shared/explorer/map';
import { readPairs } from '../embedding/copies';
import { readMapPoints } from '../embedding/maps';
import type { EmbeddingSets } from './embedding-sets';
import type { FetchParts } from './fetch';
import { bytes, problem } from './responses';

/** The rows' SetImages as they lie on disk, JSON lines. */
export function answerSetImages(sets: EmbeddingSets, id: string): Response {
  const file = join(sets.folderOf(id), IMAGES_FILE);
  const body = existsSync(file) ? (Readable.toWeb(createReadStream(file)) as ReadableStream) : '';
  return new Response(body, {
    headers: { 'Content-Type': 'application/jsonl; charset=utf-8', 'Cache-Control': 'no-store' },
  });
}

/** @throws UserError where the set has no such row, or its list is damaged. */
export function imageOfRow(sets: EmbeddingSets, id: string, row: number): SetImage {
  const file = join(sets.folderOf(id), IMAGES_FILE);
  const line = existsSync(file) ? readFileSync(file, 'utf8').split('\n').at(row) : undefined;
  if (!line)
    throw new UserError(
      `The set has no row ${row} any more.`,
      'Its images were embedded again: search anew.',
    );
  return setImageSchema.parse(JSON.parse(line));
}

/** Pairs of copies, see src/shared/explorer/copies.ts. */
export const answerCopies = ({ library }: Pick<FetchParts, 'library'>, set: string): Response =>
  bytes(readPairs(library.host, set), 'application/octet-stream', 'never');

/** The points of a map, see src/shared/explorer/map.ts. */
export function answerMap(
  { library }: Pick<FetchParts, 'library'>,
  set: string,
  query: URLSearchParams,
): Response {
  const method = mapMethodSchema.safeParse(query.get('method'));
  if (!method.success)
    return problem(400, `A map wants its method, one of ${mapMethodSchema.options.join(' and ')}.`);
  return bytes(readMapPoints(library.host, set, method.data), 'application/octet-stream', 'never');
}
