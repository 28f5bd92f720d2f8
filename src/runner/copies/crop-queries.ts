/** Queries of a ground truth are cropped to their boxes before they are embedded, as the protocol wants it. */
import sharp from 'sharp';
import { decodeFile, MAX_PIXELS, openOriginals } from '../../data';
import { gather, type Rows } from '../../explorer/products';
import type { JudgedQuery } from '../../explorer/protocols/ground-truth';
import type { SetRows } from '../../explorer/set-files';
import { messageOf, UserError } from '../../shared/errors';
import type { SetSource } from '../../shared/explorer/requests';
import { openSetEncoder, type SetEncoder } from '../encoders/set-encoder';
import { breathe, type JobContext } from '../job';
import { resourcesDirectory } from '../resources';

type Box = NonNullable<JudgedQuery['query']['box']>;

/** @returns their vectors, and sentences about those that could not be cropped. */
export async function croppedQueries(
  set: SetRows,
  queries: readonly JudgedQuery[],
  encoder: SetSource['encoder'],
  { folder, cacheDirectory, threads }: { folder: string; cacheDirectory: string; threads: number },
  context: JobContext,
): Promise<{ queries: Rows; notes: string[] }> {
  const { size, dataPath } = set.manifest;
  const whole = gather(
    { data: set.vectors, size },
    queries.map(({ row }) => row),
  );
  const boxed = [...queries.entries()].filter(([, { query }]) => query.box !== null);
  if (boxed.length === 0) return { queries: whole, notes: [] };
  const uncropped = (why: string) => ({
    queries: whole,
    notes: [`The queries are NOT cropped to their boxes, as the protocol wants it: ${why}`],
  });
  if ('missing' in encoder) return uncropped(encoder.missing);
  // A copy: whatever ends the cropping, queries are all cropped or all whole, as the note says.
  const cropped = { data: whole.data.slice(), size };
  let opened: SetEncoder | undefined;
  try {
    opened = await openSetEncoder(folder, encoder, { device: 'cpu', threads, batchSize: 1 });
    const originals = await openOriginals(dataPath, {
      cacheDirectory,
      resourcesDirectory,
      signal: context.signal,
    });
    try {
      for (const [at, { query, row }] of boxed) {
        const { name } = set.images[row];
        const index = originals.indexOf(name);
        if (index === undefined) return uncropped(`${name} is not in ${dataPath} any more.`);
        const { content } = await originals.file(index);
        const { pixels } = await decodeFile(await cut(content, query.box!, name), opened.imageSize, name);
        cropped.data.set(await opened.embed(pixels, 1), at * size);
        await breathe(context);
      }
    } finally {
      originals.close();
    }
    return { queries: cropped, notes: [`${boxed.length} queries are cropped to their boxes.`] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return uncropped(messageOf(error));
  } finally {
    await opened?.dispose();
  }
}

/** @throws UserError where the image cannot be read or the box is outside of it. */
async function cut(content: Buffer, [x0, y0, x1, y1]: Box, name: string): Promise<Buffer> {
  const { data, info } = await sharp(content, { limitInputPixels: MAX_PIXELS, autoOrient: true })
    .png({ compressionLevel: 0 })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new UserError(`${name} cannot be read: ${messageOf(error)}`);
    });
  const left = Math.max(0, Math.round(x0));
  const top = Math.max(0, Math.round(y0));
  const width = Math.min(info.width, Math.round(x1)) - left;
  const height = Math.min(info.height, Math.round(y1)) - top;
  if (width < 1 || height < 1)
    throw new UserError(
      `the box ${[x0, y0, x1, y1].join(', ')} is outside of ${name} (${info.width} x ${info.height})`,
    );
  return sharp(data).extract({ left, top, width, height }).png({ compressionLevel: 0 }).toBuffer();
}
