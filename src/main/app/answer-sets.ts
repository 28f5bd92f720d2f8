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

/**
 * @param name of the image that is meant, whichever row that is by now.
 * @throws UserError where the set has no such row or image, or its list is damaged.
 */
export function imageOfRow(sets: EmbeddingSets, id: string, row: number, name?: string): SetImage {
  const file = join(sets.folderOf(id), IMAGES_FILE);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const read = (line: string): SetImage => setImageSchema.parse(JSON.parse(line));
  const there = row < lines.length ? read(lines[row]) : null;
  const image =
    name === undefined || there?.name === name ? there : lines.map(read).find((other) => other.name === name);
  if (image) return image;
  throw new UserError(
    name === undefined ? `The set has no row ${row} any more.` : `${name} is not in the set any more.`,
    'Its images were embedded again: search anew.',
  );
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
