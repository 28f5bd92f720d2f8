/** Making embedding sets, keeping them up to date, and giving them away. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { messageOf, UserError } from '../../shared/errors';
import { embedSetAnswerSchema, type EmbedSetAnswer } from '../../shared/explorer/encoder-source';
import type { SetRecipe } from '../../shared/explorer/sets';
import type { JobOf, RunnerMessage } from '../../shared/protocol';
import type { JobOptions } from '../encoder-jobs';
import type { Host } from '../host';
import { cacheFolder, setFolder } from '../library';
import type { StoredSet } from '../store/embedding-sets';
import { runJob } from '../supervisor/run-job';
import { datasetPath, encoderName, encoderSource, settleRecipe, splitOf } from './recipe';

/** Names of unreadable files that are kept; the number of all is in a note. */
const SKIPPED_KEPT = 1000;

/**
 * The set of this recipe; a new one, of which nothing is embedded yet, where there is none.
 * @throws UserError where the recipe names what is not there.
 */
export function takeUpSet(host: Host, wanted: SetRecipe): StoredSet {
  const { sets } = host.store;
  const recipe = settleRecipe(host, wanted);
  const dataPath = datasetPath(host, recipe.dataset);
  if (recipe.whitening) checkWhitening(sets.get(recipe.whitening.fittedOn), recipe);
  const known = sets.ofRecipe(recipe);
  if (known) return known;
  const id = randomBytes(9).toString('base64url').replaceAll('-', '_');
  sets.add({ id, recipe, encoderName: encoderName(host, recipe) ?? 'Unknown encoder', dataPath });
  return sets.get(id);
}

/** @throws UserError where the other set is of another encoder or feature, or whitened itself. */
function checkWhitening(fittedOn: StoredSet, recipe: SetRecipe): void {
  const same =
    JSON.stringify(fittedOn.recipe.encoder) === JSON.stringify(recipe.encoder) &&
    fittedOn.recipe.feature === recipe.feature;
  if (!same || fittedOn.recipe.whitening)
    throw new UserError(
      `The whitening cannot be fitted on the set of ${fittedOn.encoderName}: ` +
        (same ? 'it is whitened itself.' : 'it was made by another encoder or feature.'),
      'Choose a set that the same encoder made of the same feature, without whitening.',
      'usage',
    );
  if (fittedOn.state !== 'ready')
    throw new UserError(
      'The set that the whitening is to be fitted on is not whole.',
      'Let it be embedded to its end first.',
      'usage',
    );
}

/**
 * Embeds what is new or changed and takes out what is gone. Whatever happens, the store says how the set is then.
 * @returns what was done; `stopped` where the signal ended it: what was embedded stays.
 * @throws UserError where the data, the encoder or the set cannot be read.
 */
export async function embedSet(host: Host, id: string, options: JobOptions = {}): Promise<EmbedSetAnswer> {
  const { sets } = host.store;
  const set = sets.get(id);
  let count: number | null = null;
  const onMessage = (message: RunnerMessage) => {
    if (message.type === 'progress' && message.phase === 'embedding') {
      // The child says so before it deletes what was computed from the rows: nobody is to ask for that any more.
      if (count === null) sets.know(id, null);
      count = message.done;
    }
    options.onMessage?.(message);
  };
  sets.change(id, { state: 'partial', failure: null, hint: null });
  try {
    const answer = await runJob(host.runner, embedJob(host, set), embedSetAnswerSchema, {
      ...options,
      onMessage,
    });
    const { stopped, size, space, classes, skipped, notes, bytes } = answer;
    const rate = answer.rate ?? set.report.rate;
    const report = { classes, skipped: skipped.slice(0, SKIPPED_KEPT), notes, rate, bytes };
    sets.change(id, { state: stopped ? 'partial' : 'ready', count: answer.count, size, space, report });
    return answer;
  } catch (error) {
    if (options.signal?.aborted) {
      sets.change(id, { state: 'partial', count: count ?? set.count });
      throw error;
    }
    const hint =
      error instanceof UserError ? (error.hint ?? null) : 'This is a bug in Selvedge; its log says where.';
    sets.change(id, { state: 'failed', failure: messageOf(error), hint, count: count ?? set.count });
    throw error;
  }
}

function embedJob(host: Host, { id, recipe, dataPath }: StoredSet): JobOf<'embed-set'> {
  return {
    kind: 'embed-set',
    set: id,
    folder: setFolder(host.library.folder, id),
    recipe,
    encoder: encoderSource(host, recipe.encoder),
    dataPath,
    cacheDirectory: cacheFolder(host.library.folder),
    split: splitOf(host, recipe.encoder),
    whitening: whiteningOf(host, id, recipe),
    device: 'auto',
    threads: 0,
  };
}

/** Sets of one whitening must share its very numbers to be comparable: the first one fits it, the others copy. */
function whiteningOf(host: Host, id: string, recipe: SetRecipe): JobOf<'embed-set'>['whitening'] {
  const { whitening } = recipe;
  if (!whitening) return null;
  const text = JSON.stringify([recipe.encoder, recipe.feature, whitening]);
  const twin = host.store.sets
    .list()
    .find(
      (other) =>
        other.id !== id &&
        other.count > 0 &&
        JSON.stringify([other.recipe.encoder, other.recipe.feature, other.recipe.whitening]) === text,
    );
  const { size } = whitening;
  const { folder } = host.library;
  if (twin) return { how: 'copy', folder: setFolder(folder, twin.id), size };
  return { how: 'fit', folder: setFolder(folder, whitening.fittedOn), size };
}

/** Forgets a set and deletes its files. */
export function removeSet(host: Host, id: string): void {
  host.store.sets.get(id);
  const folder = setFolder(host.library.folder, id);
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    throw new UserError(
      `The files of the set cannot be deleted: ${messageOf(error)}.`,
      `Close what uses ${folder}, then remove the set again.`,
    );
  }
  host.store.sets.remove(id);
}

export type SetExportFormat = JobOf<'export-set'>['format'];

const exportAnswerSchema = z.object({ path: z.string(), bytes: z.number(), rows: z.int() }).loose();

/** Writes the rows of a set to `options.out`. @throws UserError where the set or the file cannot be used. */
export function exportSet(
  host: Host,
  id: string,
  options: { out: string; format: SetExportFormat } & JobOptions,
): Promise<z.infer<typeof exportAnswerSchema>> {
  const set = host.store.sets.get(id);
  const job: JobOf<'export-set'> = {
    kind: 'export-set',
    folder: setFolder(host.library.folder, id),
    name: set.encoderName,
    classes: set.report.classes,
    out: resolve(options.out),
    format: options.format,
  };
  return runJob(host.runner, job, exportAnswerSchema, options);
}
