/** Copies in embedding sets: looked for in a child process, read from the set's folder. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import {
  copiesFoundSchema,
  copiesMadeSchema,
  copyFactsSchema,
  PAIRS_FILE,
  type CopiesMade,
  type CopyFacts,
} from '../../shared/explorer/copies';
import type { EmbeddingSet } from '../../shared/explorer/sets';
import type { JobOf } from '../../shared/protocol';
import type { JobOptions } from '../encoder-jobs';
import type { Host } from '../host';
import { cacheFolder, setFolder } from '../library';
import { setSource } from '../search/sources';
import { runJob } from '../supervisor/run-job';
import { imagesOfSet } from './set-images';

/** @throws UserError where the set is gone or has no two images. */
export function checkCopiesRequest(host: Host, set: string): void {
  const { count } = host.store.sets.get(set);
  if (count < 2)
    throw new UserError(
      `Copies are pairs of images, and this set has ${count}.`,
      'Embed a folder with more images.',
      'usage',
    );
}

/** Looks for all pairs and keeps them, in place of older ones. */
export async function findCopies(
  host: Host,
  set: string,
  options: JobOptions = {},
): Promise<NonNullable<EmbeddingSet['copies']>> {
  const { folder, encoder } = setSource(host, set);
  const job: JobOf<'find-copies'> = {
    kind: 'find-copies',
    folder,
    encoder,
    cacheDirectory: cacheFolder(host.library.folder),
    device: 'auto',
    threads: 0,
  };
  return { ...(await runJob(host.runner, job, copiesFoundSchema, options)), madeAt: Date.now() };
}

/** As `encodePairs` wrote them. @throws UserError where none were looked for, or the file is damaged. */
export function readPairs(host: Host, set: string): Uint8Array<ArrayBuffer> {
  const { id, facts } = host.store.sets.get(set);
  if (!facts.copies)
    throw new UserError('Copies have not been looked for in this set yet.', 'Find copies first.', 'usage');
  const file = join(setFolder(host.library.folder, id), PAIRS_FILE);
  const pairs = existsSync(file) ? new Uint8Array(readFileSync(file)) : new Uint8Array();
  if (pairs.length === facts.copies.pairs * 12) return pairs;
  throw new UserError(
    `${file} is damaged: it has ${pairs.length} bytes where ${facts.copies.pairs} pairs take ${facts.copies.pairs * 12}.`,
    'Look for copies again.',
  );
}

/**
 * Sizes and dates of some rows' files, by a child started for it: windows ask the search child, which lists a folder once.
 * @throws UserError where the set has no such row.
 */
export function copyFacts(
  host: Host,
  set: string,
  rows: readonly number[],
  options: JobOptions = {},
): Promise<CopyFacts[]> {
  const { dataPath } = host.store.sets.get(set);
  const all = imagesOfSet(host, set);
  const images = rows.map((row) => {
    const image = all.at(row);
    if (!image)
      throw new UserError(
        `The set has no row ${row}: it has ${all.length}.`,
        'Its images were embedded again: look for copies again.',
        'usage',
      );
    return { row, name: image.name };
  });
  const cacheDirectory = cacheFolder(host.library.folder);
  const job: JobOf<'image-facts'> = { kind: 'image-facts', dataPath, cacheDirectory, images };
  return runJob(host.runner, job, z.array(copyFactsSchema), options);
}

export type CopiesToMake = Omit<JobOf<'make-copies'>, 'kind' | 'cacheDirectory'>;

/** A folder of originals and distorted copies of them. @throws UserError where the folder is not empty. */
export function makeCopies(host: Host, wanted: CopiesToMake, options: JobOptions = {}): Promise<CopiesMade> {
  const job = { kind: 'make-copies', cacheDirectory: cacheFolder(host.library.folder), ...wanted } as const;
  return runJob(host.runner, job, copiesMadeSchema, options);
}
