/** What a run's steps are made of: single images, frames of sequences, or labelled images with unlabelled ones. */
import { sequencesOf, type ImageSet, type Sequence } from '../../data';
import type { Method, Sampling } from '../../learning';
import { UserError } from '../../shared/errors';
import type { RunConfig } from '../../shared/run-config';
import { chooseTraining } from './training-images';

export type Samples =
  | { readonly kind: 'image'; readonly images: Uint32Array }
  | SequenceSamples
  | RoundSamples
  | {
      readonly kind: 'mixed';
      readonly labelled: Uint32Array;
      readonly unlabelled: Uint32Array;
      /** Unlabelled images for each labelled one. */
      readonly ratio: number;
    };

export interface SequenceSamples {
  readonly kind: 'sequence';
  readonly frames: number;
  readonly stride: number;
  /** Each place of a sequence at which a sample may begin. */
  readonly starts: readonly { readonly sequence: Sequence; readonly at: number }[];
}

export interface RoundSamples {
  readonly kind: 'rounds';
  readonly labelled: Uint32Array;
  readonly unlabelled: Uint32Array;
  readonly confidence: number;
  readonly sharePerRound: number;
  readonly labelledShare: number;
  /** Length of a round, steps. */
  readonly roundSteps: (stepsPerEpoch: number) => number;
}

/** @throws UserError where the data does not suit the method. */
export function chooseSamples(
  set: ImageSet,
  config: Pick<RunConfig, 'method' | 'options' | 'data' | 'seed'>,
  method: Method,
): Samples {
  const images = chooseTraining(set, config, method.needsLabels);
  const sampling = method.sampling?.(config.options);
  if (sampling?.kind === 'sequence') return inSequences(set, images, sampling, config.data.path);
  if (sampling?.kind === 'mixed') {
    const ratio = sampling.unlabelled;
    return {
      kind: 'mixed',
      labelled: images,
      unlabelled: others(set, images, ratio, config.data.path),
      ratio,
    };
  }
  if (sampling?.kind === 'rounds') {
    const { confidence, sharePerRound, labelledShare, epochs } = sampling;
    const roundSteps = (perEpoch: number) => Math.max(1, Math.round(epochs * perEpoch));
    const unlabelled = others(set, images, 1, config.data.path);
    const chosen = { confidence, sharePerRound, labelledShare, roundSteps };
    return { kind: 'rounds', labelled: images, unlabelled, ...chosen };
  }
  return { kind: 'image', images };
}

/** Samples of an epoch. */
export function countSamples(samples: Samples): number {
  switch (samples.kind) {
    case 'image':
      return samples.images.length;
    case 'sequence':
      return samples.starts.length;
    case 'mixed':
      return Math.floor(samples.unlabelled.length / samples.ratio);
    case 'rounds':
      return samples.labelled.length + samples.unlabelled.length;
    default:
      return samples satisfies never;
  }
}

/** What one sample and several are called. */
export function sampleNames({ kind }: Samples): [one: string, many: string] {
  if (kind === 'sequence') return ['place in the sequences', 'places in the sequences'];
  if (kind === 'mixed') return ['group of unlabelled images', 'groups of unlabelled images'];
  return ['training image', 'training images'];
}

/** The images that a run sees, in the order that decides what it learns. */
export function imagesOf(samples: Samples): Uint32Array {
  if (samples.kind === 'image') return samples.images;
  if (samples.kind === 'sequence')
    return Uint32Array.from(samples.starts, ({ sequence, at }) => sequence.frames[at]);
  return joined(samples.labelled, samples.unlabelled);
}

function inSequences(
  { names }: ImageSet,
  images: Uint32Array,
  { frames, stride }: Extract<Sampling, { kind: 'sequence' }>,
  path: string,
): SequenceSamples {
  const sequences = sequencesOf(names, images);
  const starts = sequences.flatMap((sequence) =>
    Array.from({ length: Math.max(0, sequence.frames.length - frames + 1) }, (_, at) => ({ sequence, at })),
  );
  if (starts.length > 0) return { kind: 'sequence', frames, stride, starts };
  const longest = Math.max(0, ...sequences.map((sequence) => sequence.frames.length));
  throw new UserError(
    `No sequence of ${path} is long enough: ${frames} frames are needed, and the longest of its ` +
      `${sequences.length} ${sequences.length === 1 ? 'folder' : 'folders'} has ${longest} training images`,
    'Put the frames of each sequence into a sub-folder of its own, named in their order, or set data.heldOut to 0.',
  );
}

/** The training images that are not among the labelled ones. */
function others({ train }: ImageSet, labelled: Uint32Array, least: number, path: string): Uint32Array {
  const known = new Set(labelled);
  const unlabelled = train.filter((index) => !known.has(index));
  if (labelled.length === 0)
    throw new UserError(`No training image of ${path} has a label`, 'Sort some into one folder per class.');
  if (unlabelled.length < least)
    throw new UserError(
      `${unlabelled.length} unlabelled training images are left beside ${labelled.length} labelled ones`,
      'Set data.labelsPerClass or data.labelShare: the other images then count as unlabelled.',
      'usage',
    );
  return unlabelled;
}

/** Not by spreading: a call takes about 100,000 arguments at most. */
export function joined(first: Uint32Array, second: Uint32Array): Uint32Array {
  const both = new Uint32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
