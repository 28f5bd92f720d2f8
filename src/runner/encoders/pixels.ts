/** No encoder: the image itself, averaged down. What every encoder must beat. */
import { createHash } from 'node:crypto';
import { UserError } from '../../shared/errors';
import { NORMALIZATIONS } from '../../shared/explorer/normalization';
import { averageDown } from '../raw-pixels';
import type { RawEncoder } from './raw-encoder';

/** Images are decoded to at least this side, px, and then averaged: what the eye would see from afar. */
const LEAST_SIDE = 64;

/** @param side of the averaged image, px: a vector has side * side * 3 numbers. */
export function openPixels(side: number, feature: string): RawEncoder {
  if (feature !== 'embedding')
    throw new UserError(
      `Raw pixels have no feature "${feature}"`,
      'Choose "embedding", which is the pixels.',
      'usage',
    );
  const imageSize = side * Math.ceil(LEAST_SIDE / side);
  const size = side * side * 3;
  const bytes = imageSize * imageSize * 3;
  return {
    imageSize,
    size,
    fingerprint: createHash('sha256').update(`pixels:${side}`).digest('hex').slice(0, 32),
    batchSize: 256,
    architecture: 'Raw pixels',
    notes: [],
    embed(pixels, count) {
      const rows = new Float32Array(count * size);
      for (let row = 0; row < count; row++)
        averageDown(
          pixels.subarray(row * bytes, (row + 1) * bytes),
          { imageSize, side, normalization: NORMALIZATIONS.imagenet },
          rows.subarray(row * size, (row + 1) * size),
        );
      return Promise.resolve(rows);
    },
    dispose: () => Promise.resolve(),
  };
}
