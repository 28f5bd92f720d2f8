/** Images as vectors without any encoder: what k-NN accuracy must be compared with. */
import type { Dataset } from '../data';
import type { Normalization } from '../learning';

/** Larger images are averaged down to this side, px: finer detail only costs memory. */
const SIDE = 32;

/** @returns [indices, side * side * 3], normalized as an encoder's input is. */
export function rawPixels(
  dataset: Dataset,
  indices: Uint32Array,
  { mean, std }: Normalization,
): Float32Array {
  const { imageSize } = dataset;
  const side = Math.min(SIDE, imageSize);
  const size = side * side * 3;
  const out = new Float32Array(indices.length * size);
  const pixels = new Uint8Array(dataset.imageBytes);
  const sums = new Float64Array(size);
  const counts = new Float64Array(size);
  indices.forEach((index, row) => {
    dataset.read(Uint32Array.of(index), pixels);
    sums.fill(0);
    counts.fill(0);
    for (let i = 0; i < pixels.length; i++) {
      const x = Math.floor(i / 3) % imageSize;
      const y = Math.floor(i / (3 * imageSize));
      const cell = Math.floor((y * side) / imageSize) * side + Math.floor((x * side) / imageSize);
      sums[cell * 3 + (i % 3)] += pixels[i];
      counts[cell * 3 + (i % 3)]++;
    }
    for (let i = 0; i < size; i++)
      out[row * size + i] = (sums[i] / counts[i] / 255 - mean[i % 3]) / std[i % 3];
  });
  return out;
}
