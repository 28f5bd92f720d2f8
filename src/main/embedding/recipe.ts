/** From what a recipe says to the files it means: weights, images, names for people. */
import { basename } from 'node:path';
import { UserError } from '../../shared/errors';
import type { EncoderSource } from '../../shared/explorer/encoder-source';
import {
  ASSUMED_NORMALIZATION,
  NORMALIZATIONS,
  normalizationText,
  sameNormalization,
} from '../../shared/explorer/normalization';
import type { EncoderChoice, SetRecipe } from '../../shared/explorer/sets';
import { checkpointFiles, pickCheckpoint, type CheckpointFile } from '../checkpoints';
import type { Host } from '../host';
import type { StoredEncoder } from '../store/embedding-sets';
import { encoderProblem } from './encoders';

/** What decides which images are held out, where the data has no split of its own. */
export interface Split {
  heldOut: number;
  seed: number;
}

/** As a run that says nothing else holds images out, so that sets of all encoders agree. */
const DEFAULT_SPLIT: Split = { heldOut: 0.1, seed: 0 };

type ImportedChoice = Extract<EncoderChoice, { kind: 'imported' }>;

/**
 * The recipe with the step of its checkpoint, since "last" is another one tomorrow, and without a normalization that is
 * the file's own or the assumed one.
 * @throws UserError where its run, encoder or checkpoint is not there, or the file says another normalization.
 */
export function settleRecipe(host: Host, recipe: SetRecipe): SetRecipe {
  const { encoder } = recipe;
  if (encoder.kind === 'imported')
    return { ...recipe, encoder: settleNormalization(host.store.encoders.get(encoder.encoder), encoder) };
  if (encoder.kind === 'pixels') return recipe;
  const { step } = checkpointOf(host, encoder);
  return { ...recipe, encoder: { ...encoder, checkpoint: String(step) } };
}

function settleNormalization({ path, facts }: StoredEncoder, choice: ImportedChoice): ImportedChoice {
  const { normalization, ...rest } = choice;
  if (!normalization) return rest;
  if (facts.normalization === 'imagenet')
    return sameNormalization(normalization, ASSUMED_NORMALIZATION) ? rest : choice;
  if (facts.normalization === 'inside' && sameNormalization(normalization, NORMALIZATIONS.unit)) return rest;
  throw new UserError(
    `The normalization ${normalizationText(normalization)} cannot be chosen for ${path}: ` +
      (facts.normalization === 'inside'
        ? 'Selvedge exported this model with its normalization inside, and pixels would be normalized twice.'
        : 'Selvedge exported these weights, and they say which one they were trained with.'),
    'Leave the normalization out.',
    'usage',
  );
}

/** @throws UserError where its run, encoder or checkpoint is not there any more. */
export function encoderSource(host: Host, encoder: EncoderChoice): EncoderSource {
  if (encoder.kind === 'pixels') return { kind: 'pixels', side: encoder.side };
  if (encoder.kind === 'run') {
    const { config } = host.store.runs.get(encoder.run);
    return { kind: 'checkpoint', path: checkpointOf(host, encoder).path, config };
  }
  const stored = host.store.encoders.get(encoder.encoder);
  const problem = encoderProblem(stored);
  if (problem) throw new UserError(problem, 'Put the file back, or add it again and embed with that.');
  const { path, facts } = stored;
  const { normalization: chosen } = encoder;
  if (facts.format === 'safetensors')
    return { kind: 'safetensors', path, ...(chosen && { normalization: chosen }) };
  const own = facts.normalization === 'inside' ? NORMALIZATIONS.unit : ASSUMED_NORMALIZATION;
  return { kind: 'onnx', path, normalization: chosen ?? own };
}

/** The images that a run held out are held out of its sets too. */
export function splitOf(host: Host, encoder: EncoderChoice): Split {
  if (encoder.kind !== 'run') return DEFAULT_SPLIT;
  const { data, seed } = host.store.runs.get(encoder.run).config;
  return { heldOut: data.heldOut, seed };
}

/** For people; undefined where the run or encoder is not there any more. */
export function encoderName(host: Host, { encoder, feature, whitening }: SetRecipe): string | undefined {
  const name = bareName(host, encoder);
  if (name === undefined) return undefined;
  const extras = [feature !== 'embedding' && feature, whitening && `whitened to ${whitening.size}`];
  return [name, ...extras.filter((text) => typeof text === 'string')].join(', ');
}

function bareName(host: Host, encoder: EncoderChoice): string | undefined {
  if (encoder.kind === 'pixels') return `Raw pixels, ${encoder.side} px`;
  if (encoder.kind === 'imported') {
    const found = host.store.encoders.list().find(({ id }) => id === encoder.encoder);
    if (!found) return undefined;
    const { normalization } = encoder;
    return `${basename(found.path)}${normalization ? `, normalized by ${normalizationText(normalization)}` : ''}`;
  }
  const name = host.store.runs.nameOf(encoder.run);
  return name && `${name}, step ${Number(encoder.checkpoint).toLocaleString('en-US')}`;
}

/** Absolute, or "sample". @throws UserError where the library has no such data set. */
export function datasetPath(host: Host, dataset: string): string {
  if (dataset === 'sample') return dataset;
  const found = host.store.catalogue.datasets().find(({ id }) => id === dataset);
  if (found) return found.path;
  throw new UserError('There is no such data set any more.', 'Add its folder again.', 'usage');
}

function checkpointOf(host: Host, encoder: Extract<EncoderChoice, { kind: 'run' }>): CheckpointFile {
  const { id } = host.store.runs.get(encoder.run);
  const files = checkpointFiles(host.library.folder, id, host.store.checkpoints.list(id));
  return pickCheckpoint(files, id, encoder.checkpoint);
}
