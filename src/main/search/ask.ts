/** One query from the command line: a search child that is started for it and ended after it. */
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf, UserError } from '../../shared/errors';
import { searchRequests, type SearchAnswer } from '../../shared/explorer/requests';
import { MAX_QUERY_BYTES, querySchema, type QueryInput } from '../../shared/explorer/search';
import type { Host } from '../host';
import { cacheFolder } from '../library';
import { ServiceProcess } from '../supervisor/service';
import { setMemory } from './memory';
import { setSource } from './sources';

export interface FileQuery extends Pick<QueryInput, 'k' | 'filters' | 'method' | 'temperature'> {
  /** Ids of sets of one space. */
  readonly sets: readonly string[];
  /** Path of an image. */
  readonly image: string;
}

/** @throws UserError where the image or a set cannot be read. */
export async function searchByFile(
  host: Host,
  { sets, image, ...rest }: FileQuery,
  signal?: AbortSignal,
): Promise<SearchAnswer<'search'>> {
  const bytes = readImage(image);
  const query = querySchema.parse({ ...rest, sets: [...sets], like: [{ kind: 'query', id: 'file' }] });
  const cacheDirectory = cacheFolder(host.library.folder);
  const job = { kind: 'search', cacheDirectory, memory: setMemory() } as const;
  const child = new ServiceProcess(host.runner, job, searchRequests);
  try {
    const name = basename(image);
    await child.call('inspect', { name, bytes }, signal);
    const like = [{ kind: 'file', id: 'file', name, bytes } as const];
    const sources = query.sets.map((id) => setSource(host, id));
    return await child.call('search', { ...query, sets: sources, like, unlike: [] }, signal);
  } finally {
    child.stop();
    await child.ended;
  }
}

function readImage(path: string): Uint8Array<ArrayBuffer> {
  try {
    const { size } = statSync(path);
    if (size <= MAX_QUERY_BYTES) return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new UserError(
      `--image: ${path} cannot be read: ${messageOf(error)}.`,
      'Give the path of an image.',
      'usage',
    );
  }
  throw new UserError(
    `--image: ${path} is over the limit of ${MAX_QUERY_BYTES / 2 ** 20} MiB.`,
    'Make the image smaller, or save it as JPEG.',
    'usage',
  );
}
