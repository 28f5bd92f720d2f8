/** Opens a job's images and tells the host what is decoded, what is skipped, and what may surprise. */
import { openDataset, type DataProgress, type Dataset } from '../data';
import type { JobContext } from './job';
import { resourcesDirectory } from './resources';
import { Throughput } from './throughput';

export interface OpenOptions {
  readonly imageSize: number;
  readonly cacheDirectory: string;
  readonly heldOut?: number;
  readonly seed?: number;
  readonly threads?: number;
}

/** Files named in the event; the rest is a number. */
const NAMED = 20;

/** @throws UserError as openDataset; the signal's reason where it is aborted meanwhile. */
export async function openData(path: string, options: OpenOptions, context: JobContext): Promise<Dataset> {
  const { channel, signal } = context;
  const dataset = await openDataset(path, {
    ...options,
    resourcesDirectory,
    signal,
    onProgress: decodingProgress(context),
  });
  for (const note of dataset.notes) channel.log('info', note);
  const { skipped } = dataset;
  if (skipped.length > 0)
    channel.event(
      'skipped-images',
      `${skipped.length} ${skipped.length === 1 ? 'file was' : 'files were'} left out of ${path}: ` +
        `${skipped[0].path} (${skipped[0].reason})${skipped.length > 1 ? ', …' : ''}`,
      { path, count: skipped.length, first: skipped.slice(0, NAMED) },
    );
  return dataset;
}

export function decodingProgress({ channel }: JobContext): (progress: DataProgress) => void {
  const throughput = new Throughput();
  let stage = '';
  return ({ stage: current, done, total, unit }) => {
    if (current !== stage) throughput.restart(done);
    stage = current;
    throughput.mark(done);
    const rate = unit === 'images' ? throughput.rate : null;
    const secondsLeft = total > 0 ? throughput.secondsLeft(total) : null;
    channel.progress({ phase: 'decoding', done, total, rate, secondsLeft, epoch: null, epochs: null });
  };
}
