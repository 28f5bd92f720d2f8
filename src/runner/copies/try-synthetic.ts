/** Distorts some images of a set and embeds them, to see how near such copies come to what they are made of. */
import { decodeFile, openOriginals, type Originals } from '../../data';
import type { SetScores } from '../../explorer/copies/check';
import type { Calibration } from '../../explorer/copies/files';
import { judgeTrial, type MadeCopy } from '../../explorer/copies/judge-trial';
import type { SetRows } from '../../explorer/set-files';
import { messageOf, UserError } from '../../shared/errors';
import { permutation, random } from '../../shared/random';
import type { SetEncoder } from '../encoders/set-encoder';
import type { JobContext } from '../job';
import { reportWork } from '../report-work';
import { resourcesDirectory } from '../resources';
import { compress, crop, distortStrongly, pictureOf, type Distorted } from './distort';

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
  const sample = permutation(images.length, random(SEED, 'copies', 4)).subarray(0, SAMPLED);
  const originals = await openOriginals(manifest.dataPath, {
    cacheDirectory,
    resourcesDirectory,
    signal: context.signal,
  });
  const tell = reportWork('Trying synthetic copies', 'images', context);
  const made: MadeCopy[] = [];
  let unreadable = 0;
  let reason = '';
  try {
    for (const [at, row] of sample.entries()) {
      const { name } = images[row];
      try {
        for (const { block, file } of await distort(originals, name, row)) {
          const { pixels } = await decodeFile(file, encoder.imageSize, name);
          made.push({ row, block, vector: await encoder.embed(pixels, 1) });
        }
      } catch (error) {
        // One damaged file says nothing of the others.
        if (!(error instanceof UserError)) throw error;
        unreadable++;
        reason = messageOf(error);
      }
      await tell(at + 1, sample.length);
    }
  } finally {
    originals.close();
  }
  if (made.length === 0) throw new UserError(`none of the sampled images can be read: ${reason}`);
  const rows = { data: vectors, size: manifest.size };
  const judged = await judgeTrial(rows, made, scores, { threads });
  return { images: sample.length - unreadable, unreadable, ...judged, blocks: [...judged.blocks] };
}

/** @throws UserError where the image is gone or cannot be read. */
async function distort(originals: Originals, name: string, row: number): Promise<Distorted[]> {
  const index = originals.indexOf(name);
  if (index === undefined) throw new UserError(`${name} is not in ${originals.path} any more`);
  const { content } = await originals.file(index);
  const picture = await pictureOf(content).catch((error: unknown) => {
    throw new UserError(`${name} cannot be read: ${messageOf(error)}`);
  });
  return [await compress(picture, 30), await crop(picture, 30), await distortStrongly(picture, SEED, row)];
}
