/** The whitening of a set: the one it has, else that of a set of the same whitening, else a new one. */
import { existsSync } from 'node:fs';
import { manifestFile, readManifest, readSet } from '../../explorer/set-files';
import { replace } from '../../explorer/set-writer';
import {
  encodeWhitening,
  fitWhitening,
  readWhitening,
  whiteningFile,
  type Whitening,
} from '../../explorer/whitening';
import { UserError } from '../../shared/errors';
import type { JobOf } from '../../shared/protocol';
import { spaceOf } from '../encoders/set-encoder';

/**
 * Keeps it in `folder`.
 * @param fingerprint of the encoder.
 * @throws UserError where the set that it is fitted on or copied from is of another encoder, or too small.
 */
export function settleWhitening(
  folder: string,
  { how, folder: from, size }: NonNullable<JobOf<'embed-set'>['whitening']>,
  fingerprint: string,
): Whitening {
  // Without a manifest it was cut off before it was known of which encoder the set is.
  if (existsSync(whiteningFile(folder)) && existsSync(manifestFile(folder)))
    return readWhitening(folder, size);
  const whitening = how === 'copy' ? copy(from, size, fingerprint) : fit(from, size, fingerprint);
  replace(whiteningFile(folder), encodeWhitening(whitening));
  return whitening;
}

/** A file that was added again at its old path keeps its id: the recipes are equal, the encoders need not be. */
function copy(from: string, size: number, fingerprint: string): Whitening {
  const whitening = readWhitening(from, size);
  const { space, dataPath } = readManifest(from);
  if (space === spaceOf(fingerprint, whitening)) return whitening;
  throw new UserError(
    `The whitening of the set of ${dataPath} cannot be taken over: the encoder has changed since that set was made.`,
    'Remove that set, and the one its whitening was fitted on, and embed their images again.',
  );
}

function fit(from: string, size: number, fingerprint: string): Whitening {
  const { space, size: d } = readManifest(from);
  if (space !== fingerprint)
    throw new UserError(
      'The whitening cannot be fitted on that set: it was made by another encoder.',
      'Choose a set that the same encoder made of the same feature, without whitening.',
      'usage',
    );
  return fitWhitening(readSet(from).vectors, d, size);
}
