/** From what is chosen in the dialog to the recipe of a set, and the choices that there are. */
import { messageOf } from '../../../../shared/errors';
import type { FileNormalization } from '../../../../shared/explorer/encoder-source';
import { normalizationText, parseNormalization } from '../../../../shared/explorer/normalization';
import type { BackboneConfig } from '../../../../shared/run-config';
import type {
  EmbeddingSet,
  EncoderChoice,
  ImportedEncoder,
  SetRecipeInput,
} from '../../../../shared/explorer/sets';

/** As the fields hold it. */
export interface Draft {
  /** "run:<id>", "imported:<id>" or "pixels". */
  encoder: string;
  checkpoint: string;
  side: string;
  dataset: string;
  feature: string;
  /** Of an encoder file: empty for what the file says or what is assumed, a name, or OWN_NUMBERS. */
  normalization: string;
  /** "mean/std", for OWN_NUMBERS. */
  normalizationNumbers: string;
  /** Id of the set that whitening is fitted on; empty for none. */
  fittedOn: string;
  /** Components that whitening keeps. */
  components: string;
  precision: 'float32' | 'float16';
}

export const EMPTY: Draft = {
  encoder: '',
  checkpoint: 'last',
  side: '16',
  dataset: '',
  feature: 'embedding',
  normalization: '',
  normalizationNumbers: '',
  fittedOn: '',
  components: '128',
  precision: 'float32',
};

export const OWN_NUMBERS = 'numbers';

/** What may be chosen where a file says nothing. */
export const NORMALIZATION_CHOICES: readonly { value: string; title: string }[] = [
  { value: '', title: 'ImageNet’s mean and deviation (assumed)' },
  { value: 'clip', title: 'CLIP’s mean and deviation' },
  { value: 'symmetric', title: 'From −1 to 1' },
  { value: 'unit', title: 'From 0 to 1: the model does it, or was trained without' },
  { value: 'bytes', title: 'From 0 to 255: as bytes' },
  { value: OWN_NUMBERS, title: 'Other numbers…' },
];

/** One line under the field. */
export const NORMALIZATION_HELP: Readonly<Record<FileNormalization, string>> = {
  imagenet:
    'The file does not say what it was trained with. Most published encoders want ImageNet’s; another one makes a set of its own.',
  inside: 'This model was exported by Selvedge and normalizes pixels itself.',
  'its own': 'These weights were exported by Selvedge and say what they were trained with.',
};

export function encoderOf(draft: Draft): EncoderChoice | null {
  const { encoder, checkpoint, side } = draft;
  const [kind, id = ''] = encoder.split(/:(.*)/s);
  if (kind === 'run') return { kind, run: id, checkpoint };
  if (kind === 'imported') {
    if (draft.normalization === '') return { kind, encoder: id };
    if (normalizationIssue(draft) !== null) return null;
    return { kind, encoder: id, normalization: parseNormalization(normalizationOf(draft)) };
  }
  return kind === 'pixels' && wholeIn(side, 4, 64) ? { kind, side: Number(side) } : null;
}

const normalizationOf = ({ normalization, normalizationNumbers }: Draft): string =>
  normalization === OWN_NUMBERS ? normalizationNumbers : normalization;

function normalizationIssue(draft: Draft): string | null {
  const { encoder, normalization, normalizationNumbers } = draft;
  if (!encoder.startsWith('imported:') || normalization === '') return null;
  if (normalization === OWN_NUMBERS && !normalizationNumbers.trim())
    return 'Type mean/std of red, green and blue.';
  try {
    parseNormalization(normalizationOf(draft));
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** What is wrong, as a sentence under its field. */
export interface DraftIssues {
  encoder?: string;
  side?: string;
  dataset?: string;
  feature?: string;
  normalization?: string;
  components?: string;
}

export function issuesOf(draft: Draft): DraftIssues {
  const normalization = normalizationIssue(draft);
  return {
    ...(draft.encoder ? {} : { encoder: 'Choose what turns images into vectors.' }),
    ...(draft.encoder === 'pixels' && !wholeIn(draft.side, 4, 64)
      ? { side: 'A whole number from 4 to 64.' }
      : {}),
    ...(draft.dataset ? {} : { dataset: 'Choose the images.' }),
    ...(draft.feature.trim() ? {} : { feature: 'Name one, or write “embedding”.' }),
    ...(normalization === null ? {} : { normalization }),
    ...(draft.fittedOn && !wholeIn(draft.components, 1, 8192)
      ? { components: 'A whole number from 1 to 8,192, and no more than the vectors have.' }
      : {}),
  };
}

/** Null where something is wrong, see issuesOf. */
export function recipeOf(draft: Draft): SetRecipeInput | null {
  const encoder = encoderOf(draft);
  if (!encoder || Object.keys(issuesOf(draft)).length > 0) return null;
  return {
    encoder,
    dataset: draft.dataset,
    feature: draft.feature.trim(),
    whitening: draft.fittedOn ? { fittedOn: draft.fittedOn, size: Number(draft.components) } : null,
    precision: draft.precision,
  };
}

/** Features that an encoder is known to have; more may be named, and the host refuses what there is not. */
export function featuresOf(of: BackboneConfig | ImportedEncoder | null): string[] {
  if (!of) return ['embedding'];
  if ('features' in of) return of.features;
  if (of.kind === 'vit')
    return ['embedding', 'cls', 'cls+gem', ...Array.from({ length: of.depth }, (_, n) => `blocks.${n}`)];
  if (of.kind === 'resnet') return ['embedding', 'layer1', 'layer2', 'layer3', 'layer4'];
  return ['embedding'];
}

/**
 * Sets that whitening for this draft can be fitted on: by the same encoder and feature, not whitened themselves.
 * @param draft whose checkpoint is a step: sets know no "last".
 */
export function fittable(sets: readonly EmbeddingSet[], draft: Draft): EmbeddingSet[] {
  const encoder = encoderOf(draft);
  return sets.filter(
    ({ recipe, state, count }) =>
      (state === 'ready' || state === 'partial') &&
      count > 1 &&
      recipe.whitening === null &&
      recipe.feature === draft.feature.trim() &&
      encoder !== null &&
      encoderKey(recipe.encoder) === encoderKey(encoder),
  );
}

/** The newest plain set by the encoder that is asked for. */
export function setBy(
  sets: readonly EmbeddingSet[],
  asked: Pick<Draft, 'encoder' | 'checkpoint'>,
): EmbeddingSet | undefined {
  return fittable(sets, { ...EMPTY, ...asked })
    .sort((a, b) => a.updatedAt - b.updatedAt)
    .at(-1);
}

function encoderKey(encoder: EncoderChoice): string {
  if (encoder.kind === 'run') return `run ${encoder.run} ${encoder.checkpoint}`;
  if (encoder.kind === 'pixels') return `pixels ${encoder.side}`;
  const { normalization } = encoder;
  return `imported ${encoder.encoder} ${normalization ? normalizationText(normalization) : ''}`;
}

function wholeIn(text: string, from: number, to: number): boolean {
  const value = Number(text);
  return text.trim() !== '' && Number.isInteger(value) && value >= from && value <= to;
}
