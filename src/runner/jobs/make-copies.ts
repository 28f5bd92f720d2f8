/** `selvedge copies make`: a folder of originals and distorted copies of them, to measure copy detection on. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { openOriginals, type Originals } from '../../data';
import { messageOf, UserError } from '../../shared/errors';
import { COPIES_MANIFEST, type CopiesManifest } from '../../shared/explorer/copies-manifest';
import type { JobOf } from '../../shared/protocol';
import { permutation, random } from '../../shared/random';
import { writeAtomically } from '../atomic-write';
import {
  compress,
  crop,
  CROPPED_SHARES,
  distortStrongly,
  JPEG_QUALITIES,
  pictureOf,
  type Distorted,
} from '../copies/distort';
import { explainDisk } from '../embeddings/disk';
import type { RunJob } from '../job';
import { reportWork } from '../report-work';
import { resourcesDirectory } from '../resources';

type Job = JobOf<'make-copies'>;

export const makeCopies: RunJob<'make-copies'> = async (job, context) => {
  const { dataPath, out, cacheDirectory, seed, count } = job;
  prepare(out);
  const originals = await openOriginals(dataPath, {
    cacheDirectory,
    resourcesDirectory,
    signal: context.signal,
  });
  try {
    const { names } = originals.imageSet({ heldOut: 0, seed: 0 });
    const chosen = permutation(names.length, random(seed, 'copies', 0)).subarray(0, count ?? names.length);
    const tell = reportWork('Distorting images', 'images', context);
    let done = 0;
    const images: CopiesManifest['images'] = [];
    const skipped: { path: string; reason: string }[] = [];
    for (const index of chosen.sort()) {
      try {
        images.push(...(await copiesOf(originals, index, names[index], job)));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        skipped.push({ path: names[index], reason: error.message });
      }
      await tell(++done, chosen.length);
    }
    if (images.length === 0)
      throw new UserError(
        `Not one image of ${dataPath} can be read.`,
        'Check the data set: it lists the reasons.',
      );
    const manifest: CopiesManifest = {
      format: 'selvedge-copies',
      version: 1,
      declared: 'synthetic',
      seed,
      source: dataPath,
      images,
    };
    const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
    await writeAtomically(join(out, COPIES_MANIFEST), [text]);
    const made = images.filter(({ block }) => block === 'original').length;
    return { path: out, originals: made, copies: images.length - made, skipped };
  } catch (error) {
    throw explainDisk(error, out);
  } finally {
    originals.close();
  }
};

/** @throws UserError where the folder holds something already: nothing is ever overwritten. */
function prepare(out: string): void {
  try {
    if (existsSync(out) && readdirSync(out).length > 0)
      throw new UserError(`${out} is not empty.`, 'Choose a folder that does not exist yet.', 'usage');
    mkdirSync(out, { recursive: true });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `The folder ${out} cannot be made: ${messageOf(error)}.`,
      'Choose another place.',
      'usage',
    );
  }
}

async function copiesOf(
  originals: Originals,
  index: number,
  name: string,
  { out, seed, blocks }: Job,
): Promise<CopiesManifest['images']> {
  const { content } = await originals.file(index);
  const picture = await pictureOf(content).catch((error: unknown) => {
    throw new UserError(`It cannot be read: ${messageOf(error)}`);
  });
  const stem = `${String(index).padStart(6, '0')}-${basename(name, extname(name))}`;
  const original = `original/${stem}${extname(name) || '.png'}`;
  write(out, original, content);
  const images = [{ file: original, block: 'original', original, did: `${name} as it is` }];
  const makers: (() => Promise<Distorted>)[] = [
    ...(blocks.includes('jpeg') ? JPEG_QUALITIES.map((quality) => () => compress(picture, quality)) : []),
    ...(blocks.includes('crop') ? CROPPED_SHARES.map((share) => () => crop(picture, share)) : []),
    ...(blocks.includes('strong') ? [() => distortStrongly(picture, seed, index)] : []),
  ];
  for (const make of makers) {
    const { block, file, did } = await make();
    const path = `${block.replace(' ', '-')}/${stem}.jpg`;
    write(out, path, file);
    images.push({ file: path, block, original, did });
  }
  return images;
}

function write(out: string, path: string, content: Buffer): void {
  const file = join(out, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
}
