/** The approximate index of a set on disk: `index.usearch`, and `index.json`, which says what it is of and how good. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { messageOf } from '../../shared/errors';
import { setIndexSchema } from '../../shared/explorer/sets';
import { vectorsFile, type SetManifest } from '../set-files';
import { sampleChecksum, wholeChecksum } from './checksum';

const VERSION = 2;

export const indexFile = (folder: string): string => join(folder, 'index.usearch');
export const indexFactsFile = (folder: string): string => join(folder, 'index.json');
/** Stands while a process looks into the index: where it outlives that process, the index may have ended it. */
const walkFile = (folder: string): string => join(folder, 'index.walk');

const indexFactsSchema = setIndexSchema.extend({
  version: z.literal(VERSION),
  /** What it was built of: another space, another number of vectors or other vectors make it stale. */
  space: z.string(),
  count: z.int(),
  vectors: z.string(),
  /** Check sums of the index itself: of blocks all over it, looked at whenever it is opened, and of all of it. */
  checksum: z.string(),
  whole: z.string(),
});
export type IndexFacts = z.infer<typeof indexFactsSchema>;

export type IndexState =
  | { kind: 'ready'; facts: IndexFacts }
  | { kind: 'none' }
  /** `why`, as the end of a sentence: "is of other vectors". */
  | { kind: 'unusable'; why: string };

/**
 * Checks it before it is opened: a damaged index would end the process that maps it. By samples, which takes
 * milliseconds; byte for byte where a process ended while it looked into it.
 */
export function indexState(folder: string, manifest: SetManifest, count: number): IndexState {
  if (!existsSync(indexFactsFile(folder)) || !existsSync(indexFile(folder))) return { kind: 'none' };
  const facts = readFacts(folder);
  if (!facts) return { kind: 'unusable', why: 'cannot be read' };
  if (
    facts.space !== manifest.space ||
    facts.count !== count ||
    facts.vectors !== vectorsSum(folder, manifest)
  )
    return { kind: 'unusable', why: 'is of other vectors than the set has now' };
  try {
    if (!isWhole(folder, facts)) return { kind: 'unusable', why: 'is damaged' };
  } catch (error) {
    return { kind: 'unusable', why: `cannot be read (${messageOf(error)})` };
  }
  endWalk(folder);
  return { kind: 'ready', facts };
}

const isWhole = (folder: string, { checksum, whole }: IndexFacts): boolean =>
  checksum === sampleChecksum(indexFile(folder)) &&
  (!existsSync(walkFile(folder)) || whole === wholeChecksum(indexFile(folder)));

/** To be called before the index is looked into, and {@link endWalk} after. */
export function beginWalk(folder: string): void {
  try {
    writeFileSync(walkFile(folder), '');
  } catch {
    // In a library that is only read nothing could be built anew either.
  }
}

export function endWalk(folder: string): void {
  try {
    rmSync(walkFile(folder), { force: true });
  } catch {
    // It costs a check of the whole index when it is opened next.
  }
}

/** @param written where the index was written; it takes its place only when it is whole. */
export function publishIndex(
  folder: string,
  manifest: SetManifest,
  written: string,
  facts: Pick<IndexFacts, 'count' | 'recallAt10' | 'queries' | 'buildSeconds' | 'bytes'>,
): void {
  const whole: IndexFacts = {
    ...facts,
    version: VERSION,
    space: manifest.space,
    vectors: vectorsSum(folder, manifest),
    checksum: sampleChecksum(written),
    whole: wholeChecksum(written),
  };
  // Without its facts an index counts for nothing: cut off between the two, it is built again.
  rmSync(indexFactsFile(folder), { force: true });
  renameSync(written, indexFile(folder));
  endWalk(folder);
  writeFileSync(indexFactsFile(folder), JSON.stringify(whole, null, 2));
}

const vectorsSum = (folder: string, { recipe }: SetManifest): string =>
  sampleChecksum(vectorsFile(folder, recipe.precision));

function readFacts(folder: string): IndexFacts | null {
  try {
    return indexFactsSchema.parse(JSON.parse(readFileSync(indexFactsFile(folder), 'utf8')));
  } catch {
    return null;
  }
}
