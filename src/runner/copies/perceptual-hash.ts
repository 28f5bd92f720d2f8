/** Perceptual hashes as vectors, so that they are measured by the same protocols as embeddings. */
import phash from 'sharp-phash';
import { openOriginals } from '../../data';
import type { Rows } from '../../explorer/products';
import type { SetRows } from '../../explorer/set-files';
import { messageOf, UserError } from '../../shared/errors';
import type { JobContext } from '../job';
import { reportWork } from '../report-work';
import { resourcesDirectory } from '../resources';

const BITS = 64;

/**
 * The 64 signs of the image's lowest frequencies (pHash's DCT hash) as +-1/8: of unit length, and with the product
 * 1 - 2 h / 64 where h is the Hamming distance.
 * @throws UserError where an image of the set cannot be read.
 */
export async function perceptualHashes(
  { images, manifest }: SetRows,
  cacheDirectory: string,
  context: JobContext,
): Promise<Rows> {
  const { signal } = context;
  const originals = await openOriginals(manifest.dataPath, { cacheDirectory, resourcesDirectory, signal });
  const data = new Float32Array(images.length * BITS);
  const tell = reportWork('Hashing images', 'images', context);
  try {
    for (const [row, { name }] of images.entries()) {
      const index = originals.indexOf(name);
      if (index === undefined)
        throw new UserError(
          `There is no ${name} in ${manifest.dataPath} any more.`,
          'Update the embedding set.',
        );
      const { content } = await originals.file(index);
      const bits = await phash(content).catch((error: unknown) => {
        throw new UserError(`${name} cannot be hashed: ${messageOf(error)}`);
      });
      for (let bit = 0; bit < BITS; bit++) data[row * BITS + bit] = bits[bit] === '1' ? 1 / 8 : -1 / 8;
      await tell(row + 1, images.length);
    }
    return { data, size: BITS };
  } finally {
    originals.close();
  }
}
