/** Which images a run trains on, and which its k-NN accuracy is measured with. */
import { createHash } from 'node:crypto';
import type { Dataset } from '../../data';
import type { Method } from '../../learning';
import { UserError } from '../../shared/errors';
import { permutation, random } from '../../shared/random';
import type { RunConfig } from '../../shared/run-config';
import type { JobContext } from '../job';
import { openData } from '../open-data';
import { chooseSamples, imagesOf, type Samples } from './samples';
import { labelledOf } from './training-images';

/** Images of a data set by their indices, ascending. */
export interface Selection {
  readonly dataset: Dataset;
  readonly indices: Uint32Array;
}

export interface KnnData {
  /** Labelled images whose classes vote. */
  readonly bank: Selection;
  /** Labelled images that are classified; never in the bank. */
  readonly queries: Selection;
}

export interface TrainingData {
  readonly dataset: Dataset;
  readonly samples: Samples;
  /** Null where there are no labels, or no images held out; `reason` then says which. */
  readonly knn: KnnData | null;
  readonly noKnn: string | null;
  /** Equal where the same images are trained on in the same order. */
  readonly identity: string;
  close(): void;
}

/** @throws UserError where the data cannot be read, or does not suit the method. */
export async function openTrainingData(
  config: RunConfig,
  cacheDirectory: string,
  method: Method,
  context: JobContext,
): Promise<TrainingData> {
  const { data, seed } = config;
  const options = {
    imageSize: data.imageSize,
    cacheDirectory,
    heldOut: data.heldOut,
    seed,
    threads: config.threads,
  };
  const dataset = await openData(data.path, options, context);
  const opened = [dataset];
  try {
    const samples = chooseSamples(dataset, config, method);
    let labelled = dataset;
    if (data.labelled !== null) opened.push((labelled = await openData(data.labelled, options, context)));
    if (data.labelled !== null && !labelled.classes) throw withoutClasses(data.labelled);
    const { knn, reason } = chooseKnn(labelled, config);
    const identity = createHash('sha256').update(dataset.contentHash).update(imagesOf(samples));
    return {
      dataset,
      samples,
      knn,
      noKnn: reason,
      identity: identity.digest('hex').slice(0, 16),
      close: () => opened.forEach((one) => one.close()),
    };
  } catch (error) {
    for (const one of opened) one.close();
    throw error;
  }
}

/** The images of the bank and the queries, at most as many as configured, drawn by the seed. */
export function chooseKnn(
  dataset: Dataset,
  { knn, seed }: Pick<RunConfig, 'knn' | 'seed'>,
): { knn: KnnData | null; reason: string | null } {
  if (!dataset.classes) return { knn: null, reason: `${dataset.source.path} has no classes` };
  const bank = atMost(labelledOf(dataset, dataset.train), knn.maxBank, seed, 2);
  const queries = atMost(labelledOf(dataset, dataset.evaluation), knn.maxQueries, seed, 3);
  if (bank.length === 0 || queries.length === 0)
    return {
      knn: null,
      reason: `no labelled images of ${dataset.source.path} are held out; see data.heldOut`,
    };
  return { knn: { bank: { dataset, indices: bank }, queries: { dataset, indices: queries } }, reason: null };
}

/** @param draw separates draws of one seed; 0 and 1 are the data set's own subsets. */
function atMost(indices: Uint32Array, most: number, seed: number, draw: number): Uint32Array {
  if (indices.length <= most) return indices;
  const order = permutation(indices.length, random(seed, 'subset', draw)).subarray(0, most);
  return order.map((position) => indices[position]).sort();
}

function withoutClasses(path: string): UserError {
  return new UserError(
    `The labelled images in ${path} have no classes`,
    'Sort them into one folder per class, at least two, or leave data.labelled out.',
  );
}
