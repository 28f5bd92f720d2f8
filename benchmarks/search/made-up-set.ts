/** Embedding sets of made-up vectors and images, as large as one likes. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  imagesFile,
  manifestFile,
  SET_VERSION,
  vectorsFile,
  type SetManifest,
} from '../../src/explorer/set-files';
import { setRecipeSchema } from '../../src/shared/explorer/sets';
import { random } from '../../src/shared/random';

/** Directions that the vectors spread in, as embeddings of images do: many fewer than they have numbers. */
const LATENT = 32;
const NOISE = 0.3;
const PART = 10_000;

/** [count, size] of unit length, part after part. */
export function* madeUpVectors(count: number, size: number): Generator<Float32Array> {
  const draw = random(1, 'subset', 1);
  const basis = Float32Array.from({ length: LATENT * size }, () => draw.normal() / Math.sqrt(LATENT));
  for (let start = 0; start < count; start += PART) {
    const rows = Math.min(PART, count - start);
    const part = new Float32Array(rows * size);
    for (let row = 0; row < rows; row++) {
      const vector = part.subarray(row * size, (row + 1) * size);
      for (let l = 0; l < LATENT; l++) {
        const value = draw.normal();
        for (let j = 0; j < size; j++) vector[j] += value * basis[l * size + j];
      }
      let squares = 0;
      for (let j = 0; j < size; j++) {
        vector[j] += NOISE * (2 * draw.uniform() - 1);
        squares += vector[j] * vector[j];
      }
      const length = Math.sqrt(squares);
      for (let j = 0; j < size; j++) vector[j] /= length;
    }
    yield part;
  }
}

/** @param space the encoder's, where images are to be embedded into it. */
export function writeMadeUpSet(
  folder: string,
  {
    count,
    size,
    space = 'made up',
    imageSize = 32,
  }: { count: number; size: number; space?: string; imageSize?: number },
): SetManifest {
  mkdirSync(folder, { recursive: true });
  const recipe = setRecipeSchema.parse({ encoder: { kind: 'pixels' }, dataset: 'made-up' });
  const manifest: SetManifest = {
    version: SET_VERSION,
    id: 'made-up',
    recipe,
    space,
    size,
    imageSize,
    dataPath: join(folder, 'nowhere'),
    createdAt: 0,
  };
  const vectors = openSync(vectorsFile(folder, 'float32'), 'w');
  for (const part of madeUpVectors(count, size)) writeSync(vectors, new Uint8Array(part.buffer));
  closeSync(vectors);
  const images = openSync(imagesFile(folder), 'w');
  for (let start = 0; start < count; start += PART) {
    const lines = Array.from({ length: Math.min(PART, count - start) }, (_, i) => {
      const row = start + i;
      return JSON.stringify({
        name: `${row % 10}/${row}.jpg`,
        label: String(row % 10),
        split: 'train',
        stamp: '',
      });
    });
    writeSync(images, `${lines.join('\n')}\n`);
  }
  closeSync(images);
  writeFileSync(manifestFile(folder), JSON.stringify(manifest));
  return manifest;
}
