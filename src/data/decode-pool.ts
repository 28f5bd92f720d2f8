/** Decodes a list of images on several threads and hands the pixels back in the list's order. */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { UserError, messageOf } from '../shared/errors';
import type { DecodeReply, DecodeRequest, Outcome, WorkerSetup } from './decode-worker';
import type { Item } from './source';

/** A chunk travels to a worker and back in one message: many tiny images or a few large ones. */
const CHUNK_IMAGES = 32;
const CHUNK_FILE_BYTES = 4 * 2 ** 20;
const CHUNK_PIXEL_BYTES = 8 * 2 ** 20;
/** Chunks a worker works on at once: one image is decoded while JavaScript prepares one of the other chunk. */
const QUEUED = 2;
/** Finished chunks that may wait for an earlier one, a worker: bounds the memory. */
const AHEAD = 4;

export interface DecodeOptions {
  imageSize: number;
  threads: number;
  signal?: AbortSignal | undefined;
  /** The worker's file; found by itself in the build and in the tests. */
  worker?: URL | undefined;
}

/** Some images in a row. */
export interface DecodedChunk {
  /** Place of the first one in the list. */
  start: number;
  outcomes: Outcome[];
  /** The images without a reason, [decoded, imageSize, imageSize, 3]. */
  pixels: Uint8Array;
}

/**
 * In the order of the items. Decoding goes on while a chunk is worked on, but only so far ahead.
 * @throws the abort reason, or an Error where a worker ends early.
 */
export async function* decodeInOrder(items: Item[], options: DecodeOptions): AsyncGenerator<DecodedChunk> {
  const { signal } = options;
  signal?.throwIfAborted();
  const chunks = cut(items, options.imageSize);
  const threads = Math.max(1, Math.min(options.threads, chunks.length));
  const finished = new Map<number, DecodeReply>();
  let sent = 0;
  let taken = 0;
  const trouble: { error?: Error } = {};
  let wake = () => {};
  const fail = (error: Error) => {
    trouble.error ??= error;
    wake();
  };
  const abort = () => fail(signal?.reason as Error);
  signal?.addEventListener('abort', abort);
  const setup: WorkerSetup = { role: 'selvedge-decode', imageSize: options.imageSize };
  const workers = chunks.length
    ? Array.from({ length: threads }, () => new Worker(options.worker ?? workerFile(), { workerData: setup }))
    : [];
  const load = new Map(workers.map((worker) => [worker, 0]));
  const feed = () => {
    for (const worker of workers) {
      while (load.get(worker)! < QUEUED && sent < chunks.length && sent < taken + AHEAD * threads) {
        load.set(worker, load.get(worker)! + 1);
        const { start, end } = chunks[sent];
        worker.postMessage({ chunk: sent, items: items.slice(start, end) } satisfies DecodeRequest);
        sent++;
      }
    }
  };
  for (const worker of workers) {
    worker.on('message', (reply: DecodeReply) => {
      load.set(worker, load.get(worker)! - 1);
      finished.set(reply.chunk, reply);
      feed();
      wake();
    });
    worker.on('error', (error) => fail(workerFailed(error)));
    worker.on('exit', (code) => fail(new Error(`A decoding thread ended early with code ${code}.`)));
  }
  try {
    feed();
    while (taken < chunks.length) {
      let reply = finished.get(taken);
      for (; !reply; reply = finished.get(taken)) {
        if (trouble.error) throw trouble.error;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      signal?.throwIfAborted();
      finished.delete(taken);
      const { start } = chunks[taken];
      taken++;
      feed();
      yield { start, outcomes: reply.outcomes, pixels: reply.pixels };
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function cut(items: Item[], imageSize: number): { start: number; end: number }[] {
  const perChunk = Math.max(
    1,
    Math.min(CHUNK_IMAGES, Math.floor(CHUNK_PIXEL_BYTES / (imageSize * imageSize * 3))),
  );
  const chunks: { start: number; end: number }[] = [];
  let start = 0;
  let bytes = 0;
  items.forEach((item, i) => {
    bytes += item.length;
    if (i + 1 - start >= perChunk || bytes >= CHUNK_FILE_BYTES || i + 1 === items.length) {
      chunks.push({ start, end: i + 1 });
      start = i + 1;
      bytes = 0;
    }
  });
  return chunks;
}

/** Beside this module in the build, or one folder up where the bundler put this code into a chunk of its own. */
function workerFile(): URL {
  const candidates = import.meta.url.endsWith('.ts')
    ? ['./decode-worker.ts']
    : ['./decode-worker.js', '../decode-worker.js'];
  const urls = candidates.map((candidate) => new URL(candidate, import.meta.url));
  const found = urls.find((url) => existsSync(url));
  if (!found)
    throw new Error(`The build lacks decode-worker.js; looked for ${urls.map(String).join(' and ')}.`);
  return found;
}

function workerFailed(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new UserError(
      'Decoding images ran out of memory.',
      'Use fewer threads, or make very large images smaller.',
    );
  }
  return new Error(`A decoding thread failed: ${messageOf(error)}`, { cause: error });
}
