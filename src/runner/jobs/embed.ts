/** `selvedge embed`: the embedding of every image, as Parquet or npy. */
import { extname } from 'node:path';
import type { Dataset } from '../../data';
import { createEmbeddingStep } from '../../learning';
import { UserError } from '../../shared/errors';
import { writeAtomically } from '../atomic-write';
import { openJobDevice } from '../device';
import { inferenceBatch, RowStep } from '../embedder';
import { namesJson, namesPath, npyChunks } from '../embeddings/npy';
import { parquetChunks } from '../embeddings/parquet';
import type { EmbeddedBatch, EmbeddedImage } from '../embeddings/rows';
import type { JobContext, RunJob } from '../job';
import { openData } from '../open-data';
import { openEncoder } from '../open-encoder';
import { reportProgress } from '../report-progress';

export const embed: RunJob<'embed'> = async ({ checkpoint, config, data, out, format }, context) => {
  const { encoder, state, meta } = await openEncoder(checkpoint, config);
  if (format === 'npy' && extname(out).toLowerCase() === '.json')
    throw new UserError(
      `${out} would be overwritten by the names of its rows`,
      'Name the array .npy.',
      'usage',
    );
  const { imageSize, cacheDirectory } = data;
  const { heldOut } = config.data;
  const options = { imageSize, cacheDirectory, heldOut, seed: config.seed, threads: config.threads };
  const dataset = await openData(data.path, options, context);
  const device = await openJobDevice(config, context);
  try {
    const step = createEmbeddingStep(encoder, inferenceBatch(imageSize), config.data);
    const embedder = await RowStep.prepare(device, step, 'embedding', state);
    const source = { run: meta.run, step: meta.step, method: meta.method, imageSize };
    const images = describeImages(dataset);
    const batches = embedAll(embedder, dataset, images, context);
    const bytes =
      format === 'parquet'
        ? await writeAtomically(out, parquetChunks(source, batches))
        : await writeAtomically(out, npyChunks(images.length, encoder.featureSize, batches));
    if (format === 'npy') await writeAtomically(namesPath(out), [namesJson(source, images)]);
    await embedder.dispose();
    return {
      path: out,
      ...(format === 'npy' && { names: namesPath(out) }),
      format,
      bytes,
      images: images.length,
      size: encoder.featureSize,
      skipped: dataset.skipped.length,
    };
  } finally {
    dataset.close();
    await device.dispose();
  }
};

async function* embedAll(
  embedder: RowStep,
  dataset: Dataset,
  images: readonly EmbeddedImage[],
  context: JobContext,
): AsyncGenerator<EmbeddedBatch> {
  const onImages = reportProgress('embedding', images.length, context);
  const all = Uint32Array.from(images.keys());
  for await (const { indices, rows } of embedder.batches(dataset, all, context)) {
    yield { images: Array.from(indices, (index) => images[index]), embeddings: rows };
    onImages(indices.length);
  }
}

/** Every image of the data set, in its order. */
function describeImages({ names, labels, classes, train, evaluation }: Dataset): EmbeddedImage[] {
  const [trained, evaluated] = [new Set(train), new Set(evaluation)];
  return names.map((name, index) => {
    const label = labels?.[index] ?? -1;
    return {
      name,
      label: label < 0 ? null : classes![label],
      class: label < 0 ? null : label,
      split: trained.has(index) ? 'train' : evaluated.has(index) ? 'evaluation' : 'left out',
    };
  });
}
