/** `selvedge eval knn`: weighted k-NN accuracy of a checkpoint's encoder on labelled images. */
import { classifyByNeighbours, createEmbeddingStep } from '../../learning';
import { UserError } from '../../shared/errors';
import { openJobDevice } from '../device';
import { inferenceBatch, RowStep } from '../embedder';
import { breathe, type RunJob } from '../job';
import { openData } from '../open-data';
import { openEncoder } from '../open-encoder';
import { reportProgress } from '../report-progress';
import { chooseKnn, type Selection } from '../training/training-data';

export const knn: RunJob<'knn'> = async ({ checkpoint, config, data, k, temperature }, context) => {
  const { encoder, state, meta } = await openEncoder(checkpoint, config);
  const { imageSize, cacheDirectory } = data;
  // Held out as in training: otherwise images that were trained on would be among the queries.
  const { heldOut } = config.data;
  const options = { imageSize, cacheDirectory, heldOut, seed: config.seed, threads: config.threads };
  const dataset = await openData(data.path, options, context);
  const device = await openJobDevice(config, context);
  try {
    const { knn: parts, reason } = chooseKnn(dataset, config);
    if (!parts)
      throw new UserError(
        `k-NN accuracy cannot be measured: ${reason}`,
        'Give a folder with at least two class sub-folders, or set data.heldOut above 0.',
      );
    const step = createEmbeddingStep(encoder, inferenceBatch(imageSize), config.data);
    const embedder = await RowStep.prepare(device, step, 'embedding', state);
    const total = parts.bank.indices.length + parts.queries.indices.length;
    const onImages = reportProgress('evaluating', total, context);
    const embed = async ({ indices }: Selection) => {
      const rows = await embedder.all(dataset, indices, context, onImages);
      const labels = Array.from(indices, (index) => dataset.labels![index]);
      return { data: rows, size: encoder.featureSize, labels };
    };
    const bank = await embed(parts.bank);
    const queries = await embed(parts.queries);
    await embedder.dispose();
    const onBlock = () => breathe(context);
    const results = await classifyByNeighbours(device, bank, queries, { k, temperature, onBlock });
    return {
      accuracy: Object.fromEntries(k.map((wanted, i) => [wanted, results[i].accuracy])),
      /** Neighbours that voted: less than asked for where the bank is smaller. */
      voters: Object.fromEntries(k.map((wanted, i) => [wanted, results[i].k])),
      bank: bank.labels.length,
      queries: queries.labels.length,
      step: meta.step,
    };
  } finally {
    dataset.close();
    await device.dispose();
  }
};
