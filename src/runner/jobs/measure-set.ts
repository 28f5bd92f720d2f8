/** Measures how well an embedding set answers queries, by one of the retrieval protocols. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Device } from '../../engine';
import { gather, type Products, type Rows } from '../../explorer/products';
import { retrieveByClass } from '../../explorer/protocols/classes';
import { measureCopyBlocks } from '../../explorer/protocols/copy-blocks';
import { judge, retrieveByInstance } from '../../explorer/protocols/ground-truth';
import type { Measured } from '../../explorer/protocols/report';
import { readSet, type SetRows } from '../../explorer/set-files';
import { classifyByNeighbours } from '../../learning';
import { messageOf, UserError } from '../../shared/errors';
import {
  COPIES_MANIFEST,
  copiesManifestSchema,
  type CopiesManifest,
} from '../../shared/explorer/copies-manifest';
import { parseGroundTruth } from '../../shared/explorer/ground-truth';
import type { RetrievalProtocol, RetrievalReport } from '../../shared/explorer/retrieval';
import type { JobOf } from '../../shared/protocol';
import { croppedQueries } from '../copies/crop-queries';
import { deviceProducts } from '../copies/device-products';
import { perceptualHashes } from '../copies/perceptual-hash';
import { openJobDevice } from '../device';
import { breathe, type JobContext, type RunJob } from '../job';
import { reportWork } from '../report-work';

type Job = JobOf<'measure-set'>;
type ProtocolOf<K extends RetrievalProtocol['kind']> = Extract<RetrievalProtocol, { kind: K }>;

interface Subject {
  readonly job: Job;
  readonly set: SetRows;
  /** The set's vectors, or hashes in their place. */
  readonly rows: Rows;
  /** Of the same kind; null where the protocol has none. */
  readonly distractors: Rows | null;
  readonly device: Device;
  readonly products: Products;
  readonly onQueries: (done: number, total: number) => Promise<void>;
  readonly context: JobContext;
}

export const measureSet: RunJob<'measure-set'> = async (job, context): Promise<RetrievalReport> => {
  const set = readSet(job.folder);
  if (set.images.length === 0)
    throw new UserError('There is nothing in this set to be measured.', 'Embed some images first.', 'usage');
  const others = job.distractors === null ? null : readDistractors(job.distractors, set);
  const rowsOf = (of: SetRows) =>
    job.vectors === 'perceptual hash'
      ? perceptualHashes(of, job.cacheDirectory, context)
      : { data: of.vectors, size: of.manifest.size };
  const rows = await rowsOf(set);
  const distractors = others && (await rowsOf(others));
  const device = await openJobDevice({ device: job.device, threads: job.threads, lowMemory: false }, context);
  const { products, dispose } = deviceProducts(device);
  const onQueries = reportWork('Asking all queries', 'queries', context);
  try {
    const subject = { job, set, rows, distractors, device, products, onQueries, context };
    const { protocol } = job;
    const { rows: table, notes } = await measure[protocol.kind](subject, protocol as never);
    return { protocol, time: Date.now(), rows: table, notes };
  } finally {
    await dispose();
    await device.dispose();
  }
};

const measure: {
  readonly [K in RetrievalProtocol['kind']]: (on: Subject, protocol: ProtocolOf<K>) => Promise<Measured>;
} = {
  async knn({ set, rows, device, context }, { k, temperature }) {
    const { images } = set;
    const classes = [...new Set(images.flatMap(({ label }) => label ?? []))].sort();
    const numbers = new Map(classes.map((name, number) => [name, number]));
    const part = (split: 'train' | 'evaluation') => {
      const of = [...images.keys()].filter(
        (row) => images[row].split === split && images[row].label !== null,
      );
      return { ...gather(rows, of), labels: of.map((row) => numbers.get(images[row].label!)!) };
    };
    const [bank, queries] = [part('train'), part('evaluation')];
    if (bank.labels.length === 0 || queries.labels.length === 0)
      throw new UserError(
        `k-NN classification wants labelled images for training and for evaluation; the set has ${bank.labels.length} and ${queries.labels.length}.`,
        'Embed a folder with class sub-folders.',
        'usage',
      );
    const onBlock = () => breathe(context);
    const results = await classifyByNeighbours(device, bank, queries, { k, temperature, onBlock });
    const accuracyAt = Object.fromEntries(k.map((wanted, i) => [wanted, results[i].accuracy]));
    const smaller = k.filter((wanted) => wanted > bank.labels.length);
    return {
      rows: [
        {
          name: 'weighted k-NN',
          queries: queries.labels.length,
          leftOut: 0,
          map: null,
          precisionAt: {},
          recallAt: {},
          accuracyAt,
          microAp: null,
          recallAtPrecision90: null,
          curve: [],
        },
      ],
      notes: [
        `${queries.labels.length} evaluation images are classified by ${bank.labels.length} training images; a vote weighs exp(cosine / ${temperature}).`,
        ...(smaller.length > 0
          ? [`For k of ${smaller.join(', ')} all ${bank.labels.length} training images vote.`]
          : []),
      ],
    };
  },

  classes({ set, rows, distractors, products, onQueries }, { maxQueries, seed }) {
    if (!set.images.some(({ label }) => label !== null))
      throw new UserError(
        'Retrieval by class wants images with classes, and this set has none.',
        'Embed a folder with class sub-folders, or measure by a ground truth.',
        'usage',
      );
    return retrieveByClass(rows, set.images, { maxQueries, seed, products, distractors, onQueries });
  },

  async 'ground-truth'({ job, set, rows, distractors, products, onQueries, context }, { file }) {
    const truth = parseGroundTruth(readText(file), file);
    const judgement = judge(truth, set.images);
    if (judgement.queries.length === 0)
      throw new UserError(
        `None of the ${truth.queries.length} query images of ${file} is in this set: the first is ${truth.queries[0].image}.`,
        'Embed the folder that the ground truth is of.',
        'usage',
      );
    const { folder, cacheDirectory, threads, encoder } = job;
    const places = { folder, cacheDirectory, threads };
    const { queries, notes } = await croppedQueries(set, judgement.queries, encoder, places, context);
    const measured = await retrieveByInstance(rows, queries, truth, judgement, {
      products,
      distractors,
      onQueries,
    });
    return { rows: measured.rows, notes: [...measured.notes, ...notes] };
  },

  async 'copy-blocks'({ set, rows, distractors, products, onQueries }) {
    const manifest = readManifest(set.manifest.dataPath);
    const names = set.images.map(({ name }) => name);
    const measured = await measureCopyBlocks(rows, names, manifest, { products, distractors, onQueries });
    if (measured.rows.some(({ queries }) => queries > 0)) return measured;
    throw new UserError(
      'None of the distorted images that the folder lists is in this set with its original.',
      'Update the embedding set.',
      'usage',
    );
  },
};

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${messageOf(error)}.`, 'Check the path.', 'usage');
  }
}

/** @throws UserError where the folder was not made by `selvedge copies make`. */
function readManifest(folder: string): CopiesManifest {
  const file = join(folder, COPIES_MANIFEST);
  const hint = 'Make one with `selvedge copies make --data <folder> --out <folder>` and embed that.';
  if (!existsSync(file))
    throw new UserError(`${folder} is no folder of copies: it has no ${COPIES_MANIFEST}.`, hint, 'usage');
  const text = readText(file);
  try {
    return copiesManifestSchema.parse(JSON.parse(text));
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new UserError(`${file} is damaged: ${what}`, hint, 'usage');
  }
}

/** @throws UserError where they cannot be compared with the set, or are the set's own images. */
function readDistractors(folder: string, set: SetRows): SetRows {
  const others = readSet(folder);
  const { manifest } = others;
  if (manifest.space !== set.manifest.space)
    throw new UserError(
      'The distractors were embedded by another encoder: their vectors cannot be compared.',
      'Embed them with the encoder of this set.',
      'usage',
    );
  if (manifest.dataPath === set.manifest.dataPath)
    throw new UserError(
      `The distractors are the images of the set itself, ${manifest.dataPath}: right answers would be counted as wrong.`,
      'Choose a set of other images.',
      'usage',
    );
  return others;
}
