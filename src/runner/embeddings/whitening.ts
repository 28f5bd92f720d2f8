/** The whitening of a set: the one it has, else that of a set of the same whitening, else a new one. */
import { existsSync } from 'node:fs';
import { readManifest, readSet } from '../../explorer/set-files';
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

/**
 * Keeps it in `folder`.
 * @param fingerprint of the encoder.
 * @throws UserError where the set that it is to be fitted on is of another encoder, or too small.
 */
export function settleWhitening(
  folder: string,
  { how, folder: from, size }: NonNullable<JobOf<'embed-set'>['whitening']>,
  fingerprint: string,
): Whitening {
  if (existsSync(whiteningFile(folder))) return readWhitening(folder, size);
  const whitening = how === 'copy' ? readWhitening(from, size) : fit(from, size, fingerprint);
  replace(whiteningFile(folder), encodeWhitening(whitening));
  return whitening;
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
