/** `--distractors`: a set or a folder whose images join the database of a measurement as wrong answers. */
import { existsSync } from 'node:fs';
import { UserError } from '../../shared/errors';
import type { EmbeddingSet } from '../../shared/explorer/sets';
import { findSet } from '../embedding/find-set';
import type { Host } from '../host';
import type { StoredSet } from '../store/embedding-sets';
import type { Context } from './context';
import { embedRecipe, knownDataset } from './embed-folder';

/** For commander's `option`. */
export const DISTRACTORS_OPTION = [
  '--distractors <set or folder>',
  'images that answer too and are never right: a set of the same encoder, or a folder to embed by it',
] as const;

export interface Distractors {
  /** The set that was named; null for a folder. */
  readonly named: StoredSet | null;
  /** Id of their data set. */
  readonly dataset: string;
}

/**
 * Before anything is embedded, since "last" is another set then.
 * @param reference a folder or archive, "sample", or a set; undefined for none.
 * @throws UserError where there is none.
 */
export function distractorsOf(host: Host, reference: string | undefined): Distractors | null {
  if (reference === undefined) return null;
  if (reference === 'sample' || existsSync(reference))
    return { named: null, dataset: knownDataset(host, reference) };
  const named = findSet(host.store.sets.list(), reference);
  return { named, dataset: named.recipe.dataset };
}

/** @param set that is measured. @throws UserError where the set that was named is of another encoder. */
export function requireComparable(distractors: Distractors | null, set: EmbeddingSet): void {
  const named = distractors?.named;
  if (!named || named.space === set.space) return;
  throw new UserError(
    `--distractors: the set ${named.id} was made by ${named.encoderName}, and what is measured by ${set.encoderName}: their vectors cannot be compared.`,
    `Give the folder instead, ${named.dataPath}: it is embedded by the same encoder.`,
    'usage',
  );
}

/**
 * Their set by the encoder, feature and whitening of `set`: the one that was named, else embedded now.
 * @returns its id; null where embedding was stopped.
 */
export async function distractorSet(
  context: Context,
  host: Host,
  { named, dataset }: Distractors,
  set: EmbeddingSet,
): Promise<string | null> {
  if (named?.space === set.space) return named.id;
  return (await embedRecipe(context, host, { ...set.recipe, dataset }))?.id ?? null;
}
