/** The encoder of an embedding set: images to exactly the vectors that its rows are. */
import { createHash } from 'node:crypto';
import { readManifest } from '../../explorer/set-files';
import { readWhitening, whiten, type Whitening } from '../../explorer/whitening';
import { UserError } from '../../shared/errors';
import type { EncoderSource } from '../../shared/explorer/encoder-source';
import { bytesOf } from '../safetensors';
import { openRawEncoder, type RawEncoder, type RawEncoderOptions } from './raw-encoder';

export interface SetEncoder {
  /** Side of the images, px. */
  readonly imageSize: number;
  /** Length of a vector. */
  readonly size: number;
  /** Of the vectors: those of equal spaces may be compared. */
  readonly space: string;
  /** Images that are best given at once. */
  readonly batchSize: number;
  /**
   * @param pixels [count, imageSize, imageSize, 3], sRGB 0-255, as `decodeImage` and Dataset give them.
   * @returns [count, size], each row of unit length. A row that is all zeros or not finite stays so: see `badRows`.
   */
  embed(pixels: Uint8Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Opens what made the set in `folder`.
 * @param source from the host: EmbeddingSets.encoderOf.
 * @throws UserError where the set or the encoder cannot be read, or the encoder is not the one that made the set.
 */
export async function openSetEncoder(
  folder: string,
  source: EncoderSource,
  options: RawEncoderOptions,
): Promise<SetEncoder> {
  const { recipe, space } = readManifest(folder);
  const whitening = recipe.whitening ? readWhitening(folder, recipe.whitening.size) : null;
  const encoder = finish(await openRawEncoder(source, recipe.feature, options), whitening);
  if (encoder.space === space) return encoder;
  await encoder.dispose();
  throw new UserError(
    'The encoder is not the one that made this set: its weights have changed.',
    'Put the weights back, or remove the set and embed the images again.',
  );
}

/** The raw encoder, its vectors whitened where they shall be, and of unit length. */
export function finish(raw: RawEncoder, whitening: Whitening | null): SetEncoder {
  const { imageSize, batchSize } = raw;
  return {
    imageSize,
    batchSize,
    size: whitening ? whitening.size : raw.size,
    space: spaceOf(raw.fingerprint, whitening),
    async embed(pixels, count) {
      const rows = normalizeRows(await raw.embed(pixels, count), raw.size);
      return whitening ? whitened(whitening, rows, raw.size) : rows;
    },
    dispose: () => raw.dispose(),
  };
}

/** The raw encoder's own fingerprint where nothing is whitened. */
export function spaceOf(fingerprint: string, whitening: Whitening | null): string {
  if (!whitening) return fingerprint;
  const { mean, projection } = whitening;
  const hash = createHash('sha256').update(fingerprint).update(bytesOf(mean)).update(bytesOf(projection));
  return hash.digest('hex').slice(0, 32);
}

/** Divides each row by its length, in place; leaves rows that have none. */
function normalizeRows(rows: Float32Array, size: number): Float32Array {
  for (let start = 0; start < rows.length; start += size) {
    let squares = 0;
    for (let i = start; i < start + size; i++) squares += rows[i] * rows[i];
    const length = Math.sqrt(squares);
    if (length > 0 && Number.isFinite(length)) for (let i = start; i < start + size; i++) rows[i] /= length;
  }
  return rows;
}

/** As `whiten`, of unit length. A row of zeros stays one: less the mean it would seem to have a direction. */
function whitened(whitening: Whitening, rows: Float32Array, rawSize: number): Float32Array {
  const { size } = whitening;
  const found = normalizeRows(whiten(whitening, rows), size);
  for (const { row, reason } of badRows(rows, rawSize))
    if (reason === 'zeros') found.fill(0, row * size, (row + 1) * size);
  return found;
}

export interface BadRow {
  readonly row: number;
  readonly reason: 'zeros' | 'not finite';
}

/** The rows that are not of unit length, and why. @param rows [n, size]. */
export function badRows(rows: Float32Array, size: number): BadRow[] {
  const bad: BadRow[] = [];
  for (let start = 0; start < rows.length; start += size) {
    let squares = 0;
    for (let i = start; i < start + size; i++) squares += rows[i] * rows[i];
    if (!(squares > 0.5 && squares < 2))
      bad.push({ row: start / size, reason: squares === 0 ? 'zeros' : 'not finite' });
  }
  return bad;
}
