/**
 * Makes an embedding set, or brings it up to date: only new and changed files are decoded and embedded. Cut off at any
 * point it goes on from there.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { openImageStream, type ImageStream } from '../../data';
import {
  manifestFile,
  readManifest,
  readWholeImages,
  SET_VERSION,
  type SetManifest,
} from '../../explorer/set-files';
import {
  bytesOfSet,
  recover,
  removeDerived,
  rewriteImages,
  rewriteRows,
  SetWriter,
  writeManifest,
} from '../../explorer/set-writer';
import { UserError } from '../../shared/errors';
import type { EmbedSetAnswer } from '../../shared/explorer/encoder-source';
import type { SetImage } from '../../shared/explorer/sets';
import type { JobOf } from '../../shared/protocol';
import { describeImages, planUpdate, type Plan } from '../embeddings/plan';
import { explainDisk } from '../embeddings/disk';
import { settleWhitening } from '../embeddings/whitening';
import { openRawEncoder } from '../encoders/raw-encoder';
import { badRows, finish, type BadRow, type SetEncoder } from '../encoders/set-encoder';
import { breathe, type JobContext, type RunJob } from '../job';
import { decodingProgress } from '../open-data';
import { resourcesDirectory } from '../resources';
import { Throughput } from '../throughput';

type Job = JobOf<'embed-set'>;

/** Images of which the encoder is judged before it has seen all of them. */
const ENOUGH_TO_JUDGE = 64;

export const embedSet: RunJob<'embed-set'> = async (job, context) => {
  try {
    return await work(job, context);
  } catch (error) {
    throw explainDisk(error, job.folder);
  }
};

async function work(job: Job, context: JobContext): Promise<EmbedSetAnswer> {
  const { channel, signal } = context;
  const { folder, recipe } = job;
  channel.progress({ ...NOTHING, phase: 'compiling' });
  const raw = await openRawEncoder(job.encoder, recipe.feature, {
    device: job.device,
    threads: job.threads,
    onDevice: (device, reason) =>
      channel.event('device', `${device.description}: ${reason}`, { name: device.name, reason }),
  });
  mkdirSync(folder, { recursive: true });
  const whitening = job.whitening && settleWhitening(folder, job.whitening, raw.fingerprint);
  const encoder = finish(raw, whitening);
  let stream: ImageStream | undefined;
  try {
    const manifest = settleManifest(job, encoder);
    recover(folder, manifest);
    stream = await openImageStream(job.dataPath, {
      imageSize: encoder.imageSize,
      cacheDirectory: job.cacheDirectory,
      resourcesDirectory,
      threads: job.threads || availableParallelism(),
      signal,
      onProgress: decodingProgress(context),
    });
    return await update(job, manifest, encoder, stream, context);
  } finally {
    stream?.close();
    await encoder.dispose();
  }
}

/** @throws UserError where the set is there and was made by another encoder. */
function settleManifest({ folder, set, recipe, dataPath }: Job, encoder: SetEncoder): SetManifest {
  if (existsSync(manifestFile(folder))) {
    const manifest = readManifest(folder);
    if (manifest.space === encoder.space) return manifest;
    throw new UserError(
      'The encoder is not the one that made this set: its weights have changed.',
      'Remove the set and embed the images again: vectors of two encoders are never mixed.',
    );
  }
  const { space, size, imageSize } = encoder;
  const manifest = {
    version: SET_VERSION,
    id: set,
    recipe,
    space,
    size,
    imageSize,
    dataPath,
    createdAt: Date.now(),
  } as const;
  writeManifest(folder, manifest);
  return manifest;
}

async function update(
  job: Job,
  manifest: SetManifest,
  encoder: SetEncoder,
  stream: ImageStream,
  context: JobContext,
): Promise<EmbedSetAnswer> {
  const { folder, split } = job;
  const rows = readWholeImages(folder, manifest);
  const plan = planUpdate(rows, stream);
  const unreadable = new Map<number, string>();
  const useless = new Map<number, string>();
  const describe = () => describeImages(stream, split, new Set(unreadable.keys()));
  const provisional = describe();
  const placed = plan.kept.map(({ row, position }) => ({ row, image: provisional(position) }));
  /** Told before anything is touched: whoever knows of the rows must not rely on it any more. */
  const beforeChange = once(() => {
    tell(context, plan.kept.length, total(plan));
    removeDerived(folder, manifest);
  });
  if (placed.length < rows.length) {
    beforeChange();
    rewriteRows(folder, manifest, placed);
  }
  const added = await embedWanted(
    { job, manifest, plan, encoder, stream, unreadable, useless, describe: provisional, beforeChange },
    context,
  );
  const final = describe();
  const images = [...plan.kept.map(({ position }) => position), ...added.positions].map(final);
  if (!sameImages(images, readWholeImages(folder, manifest))) rewriteImages(folder, images);
  const { contents } = stream;
  return {
    stopped: added.stopped,
    count: images.length,
    size: encoder.size,
    space: encoder.space,
    added: Math.max(0, added.positions.length - plan.changed),
    changed: plan.changed,
    removed: plan.removed,
    classes: contents.classes,
    skipped: [
      ...contents.skipped,
      ...[...unreadable, ...useless].map(([position, reason]) => ({
        path: contents.names[position],
        reason,
      })),
    ],
    notes: [...contents.notes],
    rate: added.rate,
    bytes: bytesOfSet(folder, manifest),
  };
}

interface Task {
  readonly job: Job;
  readonly manifest: SetManifest;
  readonly plan: Plan;
  readonly encoder: SetEncoder;
  readonly stream: ImageStream;
  /** Reasons by position; grows. */
  readonly unreadable: Map<number, string>;
  /** As `unreadable`, of images whose vector has no direction: they have their part in the split as training has it. */
  readonly useless: Map<number, string>;
  readonly describe: (position: number) => SetImage;
  readonly beforeChange: () => void;
}

interface Added {
  readonly positions: readonly number[];
  /** Images a second, decoding included. */
  readonly rate: number | null;
  readonly stopped: boolean;
}

async function embedWanted(task: Task, context: JobContext): Promise<Added> {
  const { job, manifest, plan, encoder, stream, unreadable, useless, describe, beforeChange } = task;
  const positions: number[] = [];
  if (plan.wanted.length === 0) return { positions, rate: null, stopped: false };
  const writer = new SetWriter(job.folder, manifest, plan.kept.length);
  const speed = new Throughput();
  speed.restart(0);
  const started = performance.now();
  try {
    for await (const batch of batches(stream, plan.wanted, encoder, unreadable)) {
      const vectors = await encoder.embed(batch.pixels, batch.positions.length);
      const bad = badRows(vectors, encoder.size);
      for (const { row, reason } of bad) useless.set(batch.positions[row], WHY_USELESS[reason]);
      const good = withoutRows({ positions: batch.positions, vectors }, bad, encoder.size);
      const rows = plan.kept.length + positions.length + good.positions.length;
      if (rows + useless.size >= ENOUGH_TO_JUDGE) checkEncoder(task, rows);
      if (good.positions.length > 0) {
        beforeChange();
        writer.append(good.positions.map(describe), good.vectors);
        positions.push(...good.positions);
        speed.mark(positions.length);
        // Not where no row changed: whoever hears it forgets what is known of the rows.
        tell(context, rows, total(plan) - unreadable.size - useless.size, speed);
      }
      await breathe(context);
    }
    checkEncoder(task, plan.kept.length + positions.length);
    const seconds = (performance.now() - started) / 1000;
    return { positions, rate: positions.length > 0 ? positions.length / seconds : null, stopped: false };
  } catch (error) {
    if (!context.signal.aborted) throw error;
    return { positions, rate: speed.rate, stopped: true };
  } finally {
    writer.close();
  }
}

/** Chunks of decoded images as batches that fill the device. */
async function* batches(
  stream: ImageStream,
  wanted: readonly number[],
  { batchSize, imageSize }: SetEncoder,
  unreadable: Map<number, string>,
): AsyncGenerator<{ positions: number[]; pixels: Uint8Array }> {
  const bytes = imageSize * imageSize * 3;
  let positions: number[] = [];
  let pixels = new Uint8Array(batchSize * bytes);
  for await (const chunk of stream.decode(wanted)) {
    for (const { position, reason } of chunk.skipped) unreadable.set(position, reason);
    for (let from = 0; from < chunk.positions.length;) {
      const some = Math.min(batchSize - positions.length, chunk.positions.length - from);
      pixels.set(chunk.pixels.subarray(from * bytes, (from + some) * bytes), positions.length * bytes);
      positions.push(...chunk.positions.slice(from, from + some));
      from += some;
      if (positions.length === batchSize) {
        yield { positions, pixels };
        positions = [];
        pixels = new Uint8Array(batchSize * bytes);
      }
    }
  }
  if (positions.length > 0) yield { positions, pixels };
}

const WHY_USELESS: Readonly<Record<BadRow['reason'], string>> = {
  zeros: "the encoder's vector of it is all zeros",
  'not finite': "the encoder's vector of it is not finite (NaN or infinite)",
};

/** Those that have a direction. */
function withoutRows(
  batch: { positions: readonly number[]; vectors: Float32Array },
  bad: readonly BadRow[],
  size: number,
): { positions: readonly number[]; vectors: Float32Array } {
  if (bad.length === 0) return batch;
  const left = new Set(bad.map(({ row }) => row));
  const rows = [...batch.positions.keys()].filter((row) => !left.has(row));
  const vectors = new Float32Array(rows.length * size);
  rows.forEach((row, i) => vectors.set(batch.vectors.subarray(row * size, (row + 1) * size), i * size));
  return { positions: rows.map((row) => batch.positions[row]), vectors };
}

/**
 * One blank image tells nothing about the encoder, most images do.
 * @param rows that the set has. @throws UserError where more images than these have a vector without direction.
 */
function checkEncoder({ useless, stream }: Task, rows: number): void {
  if (useless.size <= rows) return;
  const [[position, reason]] = useless;
  const [count, all] = [useless.size, rows + useless.size].map((number) => number.toLocaleString('en-US'));
  throw new UserError(
    `The encoder makes no use of ${count} of ${all} images. The first is ${stream.contents.names[position]}: ${reason}.`,
    'Its weights are damaged, or its training has collapsed or diverged: choose another checkpoint or feature.',
  );
}

const total = (plan: Plan): number => plan.kept.length + plan.wanted.length;

const NOTHING = {
  done: 0,
  total: 0,
  rate: null,
  secondsLeft: null,
  epoch: null,
  epochs: null,
} as const;

function tell({ channel }: JobContext, done: number, all: number, speed?: Throughput): void {
  // The throughput counts what this job embeds, `done` what the set has.
  const rate = speed?.rate ?? null;
  const secondsLeft = rate ? (all - done) / rate : null;
  channel.progress({ phase: 'embedding', done, total: all, rate, secondsLeft, epoch: null, epochs: null });
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

const sameImages = (a: readonly SetImage[], b: readonly SetImage[]): boolean =>
  a.length === b.length &&
  a.every((image, i) => image.name === b[i].name && image.label === b[i].label && image.split === b[i].split);
