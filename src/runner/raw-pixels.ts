/** Images as vectors without any encoder: what k-NN accuracy must be compared with. */
import type { Dataset } from '../data';
import type { Normalization } from '../learning';

/** Larger images are averaged down to this side, px: finer detail only costs memory. */
const SIDE = 32;

/** @returns [indices, side * side * 3], normalized as an encoder's input is. */
export function rawPixels(
  dataset: Dataset,
  indices: Uint32Array,
  normalization: Normalization,
): Float32Array {
  const { imageSize } = dataset;
  const side = Math.min(SIDE, imageSize);
  const size = side * side * 3;
  const out = new Float32Array(indices.length * size);
  const pixels = new Uint8Array(dataset.imageBytes);
  indices.forEach((index, row) => {
    dataset.read(Uint32Array.of(index), pixels);
    averageDown(pixels, { imageSize, side, normalization }, out.subarray(row * size, (row + 1) * size));
  });
  return out;
}

export interface Averaging {
  /** Of the image, px. */
  readonly imageSize: number;
  /** Of the averaged image, px; at most `imageSize`. */
  readonly side: number;
  readonly normalization: Normalization;
}

/**
 * Each pixel of `out` is the mean of those that lie in its cell, normalized.
 * @param pixels [imageSize, imageSize, 3], 0-255. @param out [side, side, 3].
 */
export function averageDown(
  pixels: Uint8Array,
  { imageSize, side, normalization: { mean, std } }: Averaging,
  out: Float32Array,
): void {
  const counts = new Float64Array(side);
  const cells = Uint32Array.from({ length: imageSize }, (_, i) => Math.floor((i * side) / imageSize));
  for (const cell of cells) counts[cell]++;
  const sums = new Float64Array(out.length);
  for (let y = 0, i = 0; y < imageSize; y++)
    for (let x = 0; x < imageSize; x++)
      for (let channel = 0; channel < 3; channel++)
        sums[(cells[y] * side + cells[x]) * 3 + channel] += pixels[i++];
  for (let i = 0; i < out.length; i++) {
    const cell = Math.floor(i / 3);
    const count = counts[Math.floor(cell / side)] * counts[cell % side];
    out[i] = (sums[i] / count / 255 - mean[i % 3]) / std[i % 3];
  }
}
