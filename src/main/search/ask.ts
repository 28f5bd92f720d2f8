/** One question from the command line: a search child that is started for it and ended after it. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, relative, resolve, sep } from 'node:path';
import { messageOf, UserError } from '../../shared/errors';
import type { CopyAnswer } from '../../shared/explorer/copies';
import {
  searchRequests,
  type ImageSource,
  type SearchAnswer,
  type SearchRequests,
} from '../../shared/explorer/requests';
import {
  MAX_QUERY_BYTES,
  MAX_QUERY_IMAGES,
  querySchema,
  type QueryInput,
} from '../../shared/explorer/search';
import { imagesOfSet } from '../embedding/set-images';
import type { Host } from '../host';
import { cacheFolder } from '../library';
import { ServiceProcess } from '../supervisor/service';
import { setMemory } from './memory';
import { setSource } from './sources';

export interface FileQuery extends Pick<QueryInput, 'k' | 'filters' | 'method' | 'temperature'> {
  /** Ids of sets of one space. */
  readonly sets: readonly string[];
  /** Paths of images, at least one: their mean is searched for. */
  readonly like: readonly string[];
  /** Paths of images whose mean is taken away. */
  readonly unlike: readonly string[];
}

/** @throws UserError where an image or a set cannot be read, or there are more images than a search takes. */
export async function searchByFiles(
  host: Host,
  { sets, like, unlike, ...rest }: FileQuery,
  signal?: AbortSignal,
): Promise<SearchAnswer<'search'>> {
  const files = { like: readImages(like, '--image'), unlike: readImages(unlike, '--unlike') };
  const refsOf = (all: readonly FileSource[]) => all.map(({ id }) => ({ kind: 'query' as const, id }));
  const query = querySchema.parse({
    ...rest,
    sets: [...sets],
    like: refsOf(files.like),
    unlike: refsOf(files.unlike),
  });
  return asking(host, [...files.like, ...files.unlike], signal, (child) => {
    const sources = query.sets.map((id) => setSource(host, id));
    return child.call('search', { ...query, sets: sources, ...files }, signal);
  });
}

export interface FileCheck {
  /** Id of a set. */
  readonly set: string;
  /** Path of an image. */
  readonly image: string;
  /** Candidates to look at, at least 1. */
  readonly k: number;
}

/**
 * Whether an image is a copy of something in a set, as the app asks it.
 * @returns `isOfSet` where the image is a file of the set itself: it is then its row, and no candidate.
 * @throws UserError where the image or the set cannot be read, or the set's encoder is gone.
 */
export async function checkCopyOfFile(
  host: Host,
  { set: id, image: path, k }: FileCheck,
  signal?: AbortSignal,
): Promise<CopyAnswer & { isOfSet: boolean }> {
  const set = setSource(host, id);
  const file = readImage(path, '<image>');
  const row = rowOf(host, id, path);
  const image: ImageSource = row === null ? file : { kind: 'row', set, row };
  const answer = await asking(host, [file], signal, (child) =>
    child.call('check-copy', { set, image, k }, signal),
  );
  return { ...answer, isOfSet: row !== null };
}

/** The row that a file is of, where it lies in the folder of the set; null elsewhere. */
function rowOf(host: Host, set: string, path: string): number | null {
  const { dataPath } = host.store.sets.get(set);
  if (dataPath === 'sample') return null;
  const name = relative(dataPath, resolve(path)).split(sep).join('/');
  const row = imagesOfSet(host, set).findIndex((image) => image.name === name);
  return row < 0 ? null : row;
}

type FileSource = Extract<ImageSource, { kind: 'file' }>;

/** Asks a search child, which is told first what the files are: it refuses what is no image. */
async function asking<T>(
  host: Host,
  files: readonly FileSource[],
  signal: AbortSignal | undefined,
  ask: (child: ServiceProcess<SearchRequests>) => Promise<T>,
): Promise<T> {
  const cacheDirectory = cacheFolder(host.library.folder);
  const job = { kind: 'search', cacheDirectory, memory: setMemory() } as const;
  const child = new ServiceProcess(host.runner, job, searchRequests);
  try {
    for (const { name, bytes } of files) await child.call('inspect', { name, bytes }, signal);
    return await ask(child);
  } finally {
    child.stop();
    await child.ended;
  }
}

/** @throws UserError as readImage, and where there are more than a search takes. */
function readImages(paths: readonly string[], argument: string): FileSource[] {
  if (paths.length > MAX_QUERY_IMAGES)
    throw new UserError(
      `${argument} is given ${paths.length} times, and a search takes at most ${MAX_QUERY_IMAGES} images there.`,
      'Give fewer.',
      'usage',
    );
  return paths.map((path) => readImage(path, argument));
}

/** @param argument of the command line, for messages. @throws UserError where it cannot be read or is too large. */
function readImage(path: string, argument: string): FileSource {
  try {
    const { size } = statSync(path);
    if (size <= MAX_QUERY_BYTES)
      return {
        kind: 'file',
        id: idOf(path),
        name: basename(path),
        bytes: new Uint8Array(readFileSync(path)),
      };
  } catch (error) {
    throw new UserError(
      `${argument}: ${path} cannot be read: ${messageOf(error)}.`,
      'Give the path of an image.',
      'usage',
    );
  }
  throw new UserError(
    `${argument}: ${path} is over the limit of ${MAX_QUERY_BYTES / 2 ** 20} MiB.`,
    'Make the image smaller, or save it as JPEG.',
    'usage',
  );
}

/** One for each file: it is embedded once, however often it is named. */
const idOf = (path: string): string => createHash('sha256').update(resolve(path)).digest('hex');
