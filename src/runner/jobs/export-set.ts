/** `selvedge sets export`: the rows of an embedding set for other programs. */
import { extname } from 'node:path';
import { readSet, type SetRows } from '../../explorer/set-files';
import { UserError } from '../../shared/errors';
import type { JobOf } from '../../shared/protocol';
import { writeAtomically } from '../atomic-write';
import { namesJson, namesPath, npyChunks } from '../embeddings/npy';
import { parquetChunks } from '../embeddings/parquet';
import { projectorChunks } from '../embeddings/projector';
import type { EmbeddedBatch, EmbeddedImage, EmbeddingSource } from '../embeddings/rows';
import { zipChunks } from '../embeddings/zip';
import { breathe, type JobContext, type RunJob } from '../job';
import { reportProgress } from '../report-progress';

/** Rows that are written before messages get a turn. */
const AT_ONCE = 1024;

export const exportSet: RunJob<'export-set'> = async (job, context) => {
  const { folder, out, format } = job;
  const set = readSet(folder);
  const { size } = set.manifest;
  const count = set.images.length;
  if (count === 0)
    throw new UserError('The embedding set has no rows yet.', 'Embed its images first: update the set.');
  if (format === 'npy' && extname(out).toLowerCase() === '.json')
    throw new UserError(
      `${out} would be overwritten by the names of its rows`,
      'Name the array .npy.',
      'usage',
    );
  const source = sourceOf(job, set);
  const images = describe(set, job.classes);
  const batches = batchesOf(set, images, context);
  const chunks = {
    parquet: () => parquetChunks(source, batches),
    npy: () => npyChunks(count, size, batches),
    'npy-zip': () => npyZip(set, batches, namesJson(source, images)),
    tsv: () => projectorChunks(batches, images),
  }[format]();
  const bytes = await writeAtomically(out, chunks);
  if (format === 'npy') await writeAtomically(namesPath(out), [namesJson(source, images)]);
  return {
    path: out,
    ...(format === 'npy' && { names: namesPath(out) }),
    format,
    bytes,
    rows: count,
    size,
  };
};

/** What a zip without the 64-bit extension holds, bytes. */
const MOST_IN_ZIP = 2 ** 32 - 1;

/** The array, and what its rows are of. */
function npyZip(
  { images, manifest: { size } }: SetRows,
  batches: AsyncIterable<EmbeddedBatch>,
  names: Uint8Array,
): AsyncGenerator<Uint8Array> {
  // With some room for the header and the names.
  if (images.length * size * 4 + names.length + 4096 > MOST_IN_ZIP)
    throw new UserError(
      `The ${images.length.toLocaleString('en-US')} vectors take more than the 4 GiB that a zip can hold.`,
      'Export them as Parquet, or from a terminal: `selvedge sets export <id> --out vectors.npy`.',
      'usage',
    );
  return zipChunks([
    { name: 'embeddings.npy', chunks: npyChunks(images.length, size, batches) },
    { name: 'embeddings.json', deflate: true, chunks: [names] },
  ]);
}

function sourceOf({ name }: JobOf<'export-set'>, { manifest }: SetRows): EmbeddingSource {
  const { recipe, space, imageSize } = manifest;
  return {
    encoder: name,
    feature: recipe.feature,
    whitening: recipe.whitening?.size ?? 'none',
    space,
    imageSize,
  };
}

function describe({ images }: SetRows, classes: readonly string[] | null): EmbeddedImage[] {
  const numbers = new Map(classes?.map((name, index) => [name, index]));
  return images.map(({ name, label, split }) => ({
    name,
    label,
    class: label === null ? null : (numbers.get(label) ?? null),
    split,
  }));
}

async function* batchesOf(
  { vectors, manifest }: SetRows,
  images: readonly EmbeddedImage[],
  context: JobContext,
): AsyncGenerator<EmbeddedBatch> {
  const onRows = reportProgress('exporting', images.length, context);
  for (let start = 0; start < images.length; start += AT_ONCE) {
    const some = images.slice(start, start + AT_ONCE);
    const from = start * manifest.size;
    yield { images: some, embeddings: vectors.subarray(from, from + some.length * manifest.size) };
    onRows(some.length);
    await breathe(context);
  }
}
