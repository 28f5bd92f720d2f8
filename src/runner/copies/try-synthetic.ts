/** Distorts some images of a set and embeds them, to see how near such copies come to what they are made of. */
import { decodeFile, openOriginals } from '../../data';
import { BACKGROUND_NEIGHBOURS, backgroundOf, normalizedScore } from '../../explorer/copies/background';
import { quantile, thresholdsOf, type Thresholds } from '../../explorer/copies/calibrate';
import { backgrounds, type SetScores } from '../../explorer/copies/check';
import type { Calibration } from '../../explorer/copies/files';
import { nearest } from '../../explorer/nearest';
import { dot, type Rows } from '../../explorer/products';
import type { SetRows } from '../../explorer/set-files';
import { UserError } from '../../shared/errors';
import { permutation, random } from '../../shared/random';
import type { SetEncoder } from '../encoders/set-encoder';
import type { JobContext } from '../job';
import { reportWork } from '../report-work';
import { resourcesDirectory } from '../resources';
import { compress, crop, distortStrongly, pictureOf } from './distort';

/** Images that are distorted, each in three ways. */
const SAMPLED = 40;
const SEED = 0;

/** @throws UserError where the images are gone or none of the sampled ones can be read. */
export async function trySynthetic(
  { images, vectors, manifest }: SetRows,
  scores: SetScores,
  encoder: SetEncoder,
  { cacheDirectory, threads }: { cacheDirectory: string; threads: number },
  context: JobContext,
): Promise<NonNullable<Calibration['synthetic']>> {
  const rows: Rows = { data: vectors, size: manifest.size };
  const sample = permutation(images.length, random(SEED, 'copies', 4)).subarray(0, SAMPLED);
  const originals = await openOriginals(manifest.dataPath, {
    cacheDirectory,
    resourcesDirectory,
    signal: context.signal,
  });
  const tell = reportWork('Trying synthetic copies', 'images', context);
  const made: { row: number; block: string; vector: Float32Array }[] = [];
  try {
    for (const [at, row] of sample.entries()) {
      const index = originals.indexOf(images[row].name);
      if (index === undefined) continue;
      const { content } = await originals.file(index);
      const picture = await pictureOf(content);
      const distorted = [
        await compress(picture, 30),
        await crop(picture, 30),
        await distortStrongly(picture, SEED, row),
      ];
      for (const { block, file } of distorted) {
        const { pixels } = await decodeFile(file, encoder.imageSize, images[row].name);
        made.push({ row, block, vector: await encoder.embed(pixels, 1) });
      }
      await tell(at + 1, sample.length);
    }
  } finally {
    originals.close();
  }
  if (made.length === 0) throw new UserError('none of the sampled images is in its folder any more');

  const queries: Rows = { data: new Float32Array(made.length * rows.size), size: rows.size };
  made.forEach(({ vector }, i) => queries.data.set(vector, i * rows.size));
  const { k, scores: near } = await nearest(rows, queries, BACKGROUND_NEIGHBOURS, null, { threads });
  const theirs = await backgrounds(
    rows,
    made.map(({ row }) => row),
    { threads },
  );
  const scored = made.map(({ row, block }, i) => {
    const cosine = dot(queries, i, rows, row);
    const mine = backgroundOf(near.subarray(i * k, (i + 1) * k));
    return { block, cosine, normalized: normalizedScore(cosine, mine, theirs[i]) };
  });
  const thresholds = scores.normalized && thresholdsOf(scores.normalized);
  const blocks = [...new Set(made.map(({ block }) => block))].map((name) => {
    const of = scored
      .filter(({ block }) => block === name)
      .map(({ normalized }) => normalized)
      .sort((a, b) => a - b);
    return { name, median: quantile(of, 0.5), found: foundAt(of, thresholds) };
  });
  const cosines = scored.map(({ cosine }) => cosine).sort((a, b) => a - b);
  return { images: new Set(made.map(({ row }) => row)).size, blocks, lowCosine: quantile(cosines, 0.1) };
}

function foundAt(scores: readonly number[], thresholds: Thresholds | null): Thresholds {
  const share = (threshold: number) => scores.filter((score) => score >= threshold).length / scores.length;
  return thresholds
    ? { copy: share(thresholds.copy), likely: share(thresholds.likely) }
    : { copy: 0, likely: 0 };
}
