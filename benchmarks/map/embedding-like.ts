/**
 * Vectors with the shape of embeddings: classes in few dimensions, bent into many by a random layer, with a little
 * noise. Independent noise in all dimensions would be harder for every index than any encoder's output is.
 */
import { random } from '../../src/shared/random';

const LATENT = 24;

export function embeddingLike(
  count: number,
  size: number,
  classes: number,
): { data: Float32Array; labels: string[] } {
  const source = random(0, 'method', 9);
  const draw = (length: number, scale: number) =>
    Float32Array.from({ length }, () => source.normal() * scale);
  const centers = draw(classes * LATENT, 1.6);
  const weights = draw(size * LATENT, 1 / Math.sqrt(LATENT));
  const data = new Float32Array(count * size);
  const labels: string[] = [];
  for (let row = 0; row < count; row++) {
    const label = source.integer(classes);
    labels.push(`class ${label}`);
    const latent = draw(LATENT, 1).map((value, i) => value + centers[label * LATENT + i]);
    let squares = 0;
    for (let i = 0; i < size; i++) {
      let sum = 0.05 * source.normal();
      for (let j = 0; j < LATENT; j++) sum += weights[i * LATENT + j] * latent[j];
      data[row * size + i] = Math.tanh(sum);
      squares += data[row * size + i] ** 2;
    }
    for (let i = row * size; i < (row + 1) * size; i++) data[i] /= Math.sqrt(squares);
  }
  return { data, labels };
}
