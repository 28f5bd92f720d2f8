/**
 * Reading and decoding images: `npm run bench:data -- [--data <folder or archive>] [--size 32] [--rounds 9]`.
 *
 * Reading: random batches of 256 from the cache on one thread, against copying the same images out of memory.
 * Decoding: the data set's way (find, read, decode, order) against plain sharp in as many threads, which gets the
 * files' bytes in memory and does only the same decode and resize. Both start their threads inside of the measured
 * time. Peers are interleaved; figures are medians. The files are in the page cache.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { openDataset } from '../src/data';
import { decodeInOrder } from '../src/data/decode-pool';
import { DEFAULT_LIMITS } from '../src/data/limits';
import { openSource } from '../src/data/open-source';
import type { Item } from '../src/data/source';
import { random } from '../src/shared/random';
import type { PlainSharpWork } from './plain-sharp-worker';

const BATCH = 256;
const READ_SECONDS = 0.5;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'resources/sample/cifar10-sample.tar.gz' },
    size: { type: 'string', default: '32' },
    rounds: { type: 'string', default: '9' },
    /** Images decoded in each round. */
    images: { type: 'string', default: '2000' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const imageSize = Number(values.size);
const rounds = Number(values.rounds);
const threads = Number(values.threads);
const scratch = mkdtempSync(join(tmpdir(), 'selvedge-bench-'));
const worker = pathToFileURL(resolve('src/data/decode-worker.ts'));
const plainWorker = pathToFileURL(resolve('benchmarks/plain-sharp-worker.ts'));

try {
  console.log(`${values.data} at ${imageSize} px, ${threads} threads, ${rounds} rounds`);
  await benchReading();
  await benchDecoding();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function benchReading(): Promise<void> {
  const dataset = await openDataset(values.data, {
    imageSize,
    cacheDirectory: join(scratch, 'cache'),
    resourcesDirectory: 'resources',
    worker,
  });
  const { count, imageBytes } = dataset;
  const source = random(0, 'order');
  const memory = dataset.read(Uint32Array.from({ length: count }, (_, i) => i));
  const out = new Uint8Array(BATCH * imageBytes);
  const copy = (indices: Uint32Array) =>
    indices.forEach((index, i) =>
      out.set(memory.subarray(index * imageBytes, (index + 1) * imageBytes), i * imageBytes),
    );
  const rate = (take: (indices: Uint32Array) => void) => {
    const order = Array.from({ length: 64 }, () =>
      Uint32Array.from({ length: BATCH }, () => source.integer(count)),
    );
    const start = performance.now();
    let images = 0;
    while (performance.now() - start < READ_SECONDS * 1000) {
      for (const indices of order) take(indices);
      images += order.length * BATCH;
    }
    return images / ((performance.now() - start) / 1000);
  };
  const cache: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < rounds; round++) {
    cache.push(rate((indices) => dataset.read(indices, out)));
    plain.push(rate(copy));
  }
  dataset.close();
  report('reading, one thread, random batches of 256', cache, 'copying from memory', plain);
}

async function benchDecoding(): Promise<void> {
  const source = await openSource(resolve(values.data), DEFAULT_LIMITS, () => {});
  const { items } = await source.list({ scratch, limits: DEFAULT_LIMITS, onProgress: () => {} });
  const some = items
    .filter(({ zip, encoding }) => !zip && encoding === 'image')
    .slice(0, Number(values.images));
  if (some.length === 0)
    throw new Error('The decoding benchmark needs image files in a folder, .tar or .tar.gz.');
  const work = loadBytes(some);
  const ours: Cost[] = [];
  const plain: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(
      await costOf(some.length, async () => {
        for await (const _chunk of decodeInOrder(some, { imageSize, threads, worker }));
      }),
    );
    plain.push(await costOf(some.length, () => decodePlainly(work)));
  }
  const name = `decoding ${some.length} images`;
  const rates = (costs: Cost[]) => costs.map(({ rate }) => rate);
  const cpuRates = (costs: Cost[]) => costs.map(({ cpuRate }) => cpuRate);
  report(name, rates(ours), 'plain sharp', rates(plain));
  report(`${name}, per second of processor time`, cpuRates(ours), 'plain sharp', cpuRates(plain));
}

async function decodePlainly(work: Pick<PlainSharpWork, 'bytes' | 'spans'>): Promise<void> {
  const started = Array.from({ length: threads }, (_, first) => {
    const workerData: PlainSharpWork = { ...work, first, threads, imageSize };
    return new Worker(plainWorker, { workerData });
  });
  const finished = started.map(
    (thread) => new Promise((done, failed) => thread.once('message', done).once('error', failed)),
  );
  await Promise.all(finished);
  await Promise.all(started.map((thread) => thread.terminate()));
}

function loadBytes(items: Item[]): Pick<PlainSharpWork, 'bytes' | 'spans'> {
  const bytes = new SharedArrayBuffer(items.reduce((sum, { length }) => sum + length, 0));
  const view = new Uint8Array(bytes);
  let end = 0;
  const spans = items.map(({ file, offset, length }) => {
    const fd = openSync(file, 'r');
    readSync(fd, view, end, length, offset);
    closeSync(fd);
    end += length;
    return { offset: end - length, length };
  });
  return { bytes, spans };
}

interface Cost {
  /** Images a second. */
  rate: number;
  /** Images a second of processor time, all threads together: steadier on a machine with other work. */
  cpuRate: number;
}

async function costOf(images: number, run: () => Promise<void>): Promise<Cost> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return { rate: images / ((performance.now() - start) / 1000), cpuRate: images / ((user + system) / 1e6) };
}

function report(name: string, ours: number[], peerName: string, peer: number[]): void {
  const ratio = median(ours.map((rate, i) => rate / peer[i]));
  const shown = (rates: number[]) => `${Math.round(median(rates))} images/s`;
  console.log(`${name}: ${shown(ours)}; ${peerName}: ${shown(peer)}; ratio ${ratio.toFixed(2)}`);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
