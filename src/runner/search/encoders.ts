/** The encoders of the sets that are searched, opened when first needed and kept for the next query. */
import { badRows, openSetEncoder, type SetEncoder } from '../encoders/set-encoder';
import { UserError } from '../../shared/errors';
import { Recent } from '../../shared/recent';
import type { OpenSet } from './open-sets';

/** Of two encoders side by side, and the one before. */
const KEPT = 3;
/** A run may be training on the other cores. */
const THREADS = 2;

export class Encoders {
  private readonly open = new Recent<Promise<SetEncoder>>(KEPT, (encoder) =>
    // One that could not be opened has told so already.
    encoder.then(
      (opened) => opened.dispose(),
      () => undefined,
    ),
  );

  /**
   * What made the set's vectors.
   * @throws UserError where it is not there any more, or is another one now.
   */
  of({ source, manifest }: OpenSet): Promise<SetEncoder> {
    const { encoder } = source;
    if ('missing' in encoder)
      throw new UserError(
        `Only images of the set "${source.name}" can be searched with: ${encoder.missing}`,
        encoder.hint ?? undefined,
      );
    const known = this.open.get(manifest.space);
    if (known) return known;
    const options = { device: 'cpu', threads: THREADS, batchSize: 1 } as const;
    const opening = openSetEncoder(source.folder, encoder, options);
    this.open.put(manifest.space, opening);
    opening.catch(() => this.open.forget(manifest.space));
    return opening;
  }

  close(): void {
    this.open.clear();
  }
}

/**
 * @param pixels [imageSize, imageSize, 3]. @returns [size], of unit length.
 * @throws UserError where the encoder makes no use of the image.
 */
export async function embedOne(encoder: SetEncoder, pixels: Uint8Array): Promise<Float32Array> {
  const vector = await encoder.embed(pixels, 1);
  const bad = badRows(vector, encoder.size).at(0);
  if (!bad) return vector;
  throw new UserError(
    `The encoder gives ${bad.reason === 'zeros' ? 'nothing but zeros' : 'numbers that are not finite'} for this image: it cannot be compared with others.`,
    'Take another checkpoint, or another image.',
  );
}
