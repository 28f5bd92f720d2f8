/** From what a person names, an encoder and a folder, to an embedding set that is up to date. */
import { existsSync } from 'node:fs';
import { UserError } from '../../shared/errors';
import type { Normalization } from '../../shared/explorer/normalization';
import {
  setRecipeSchema,
  type EmbeddingSet,
  type EncoderChoice,
  type SetRecipe,
  type SetRecipeInput,
} from '../../shared/explorer/sets';
import { describeSet } from '../embedding/describe-set';
import { addEncoder } from '../embedding/encoders';
import { findSet } from '../embedding/find-set';
import { embedSet, removeSet, takeUpSet } from '../embedding/sets';
import { findRun } from '../find-run';
import type { Host } from '../host';
import { absolute } from '../questions';
import { datasetId } from '../store/catalogue';
import type { Context } from './context';
import { integer } from './format';
import { watchJob } from './job-view';

export interface EmbedFolderOptions {
  data: string;
  checkpoint: string;
  feature?: string;
  /** Of an encoder file; what the file says, or the assumed one, where left out. */
  normalization?: Normalization;
  /** A set that the whitening is fitted on. */
  whiten?: string;
  keep?: number;
  precision?: SetRecipe['precision'];
}

/**
 * Embeds what is new; a set that is up to date is only looked at.
 * @param reference a run, an encoder file, or "pixels".
 * @returns null where it was stopped: the person is told how to go on.
 */
export async function embedFolder(
  context: Context,
  host: Host,
  reference: string,
  options: EmbedFolderOptions,
): Promise<EmbeddingSet | null> {
  const encoder = await encoderOf(context, host, reference, options);
  const dataset = knownDataset(host, options.data);
  return embedRecipe(context, host, recipeOf(host, encoder, dataset, options));
}

/** The id of a folder or archive, which the library knows from now on. @throws UserError where there is none. */
export function knownDataset(host: Host, data: string): string {
  const path = absolute(data);
  if (path !== 'sample') {
    if (!existsSync(path))
      throw new UserError(`There is no folder or file at ${path}.`, 'Check the spelling.', 'usage');
    host.store.catalogue.addDataset(path);
  }
  return datasetId(path);
}

/**
 * The set of this recipe, brought up to date.
 * @returns null where it was stopped: the person is told how to go on.
 */
export async function embedRecipe(
  context: Context,
  host: Host,
  recipe: SetRecipe,
): Promise<EmbeddingSet | null> {
  const { id } = takeUpSet(host, recipe);
  const answer = await watchJob(context, (hooks) => embedSet(host, id, hooks)).catch((error: unknown) => {
    // A set that never had a row says nothing that the message does not.
    if (host.store.sets.get(id).count === 0) removeSet(host, id);
    throw error;
  });
  const set = describeSet(host, host.store.sets.get(id));
  context.emit({ type: 'set', ...set, stopped: answer.stopped });
  context.print(
    `${set.name}: ${integer(answer.count)} images (${integer(answer.added)} new, ${integer(answer.changed)} changed, ${integer(answer.removed)} gone)${
      answer.rate === null ? '' : `, ${integer(answer.rate)} images/s`
    }.`,
  );
  for (const warning of set.warnings) context.note(warning);
  if (!answer.stopped) return set;
  context.note(`Stopped. Go on: ${context.commandLine(`sets update ${id}`)}`);
  context.exitCode = 1;
  return null;
}

export const isEncoderFile = (reference: string): boolean =>
  existsSync(reference) || /\.(onnx|safetensors)$/i.test(reference);

const ASSUMED =
  "The file does not say how pixels are normalized: ImageNet's mean and deviation are assumed. Another one is chosen with --normalization.";

async function encoderOf(
  context: Context,
  host: Host,
  reference: string,
  { checkpoint, normalization }: EmbedFolderOptions,
): Promise<EncoderChoice> {
  if (reference !== 'pixels' && isEncoderFile(reference)) {
    const added = await watchJob(context, (hooks) => addEncoder(host, reference, hooks));
    for (const warning of added.warnings) context.note(warning);
    if (!normalization && added.normalization === 'imagenet') context.note(ASSUMED);
    return { kind: 'imported', encoder: added.id, ...(normalization && { normalization }) };
  }
  if (normalization)
    throw new UserError(
      `--normalization is for encoder files, and "${reference}" is none.`,
      'Leave it out: a run is used with the one that it was trained with.',
      'usage',
    );
  if (reference === 'pixels') return { kind: 'pixels', side: 16 };
  const { id } = findRun(host.store.runs.list(), reference);
  if (!/^(last|best|\d+)$/.test(checkpoint))
    throw new UserError(
      `--checkpoint is ${checkpoint}; it must be last, best, or a step.`,
      undefined,
      'usage',
    );
  return { kind: 'run', run: id, checkpoint };
}

function recipeOf(
  host: Host,
  encoder: EncoderChoice,
  dataset: string,
  options: EmbedFolderOptions,
): SetRecipe {
  const { feature, precision, whiten, keep } = options;
  const fittedOn = whiten === undefined ? null : findSet(host.store.sets.list(), whiten);
  const recipe: SetRecipeInput = {
    encoder,
    dataset,
    ...(feature !== undefined && { feature }),
    ...(precision !== undefined && { precision }),
    whitening: fittedOn && { fittedOn: fittedOn.id, size: keep ?? Math.max(1, fittedOn.size >> 1) },
  };
  return setRecipeSchema.parse(recipe);
}
