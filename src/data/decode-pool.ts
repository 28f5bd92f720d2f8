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
  /** Called in order of the items. `pixels` holds the images without a reason, [decoded, imageSize, imageSize, 3]. */
  onChunk: (outcomes: Outcome[], pixels: Uint8Array, start: number) => void;
  signal?: AbortSignal;
  /** The worker's file; found by itself in the build and in the tests. */
  worker?: URL;
}

/** @throws what `onChunk` throws, the abort reason, or an Error where a worker ends early. */
export async function decodeInOrder(items: Item[], options: DecodeOptions): Promise<void> {
  const chunks = cut(items, options.imageSize);
  const threads = Math.max(1, Math.min(options.threads, chunks.length));
  const finished = new Map<number, DecodeReply>();
  let sent = 0;
  let written = 0;
  const setup: WorkerSetup = { role: 'selvedge-decode', imageSize: options.imageSize };
  const workers = Array.from(
    { length: threads },
    () => new Worker(options.worker ?? workerFile(), { workerData: setup }),
  );
  const load = new Map(workers.map((worker) => [worker, 0]));
  try {
    await new Promise<void>((resolve, reject) => {
      const feed = () => {
        for (const worker of workers) {
          while (
            (load.get(worker) ?? 0) < QUEUED &&
            sent < chunks.length &&
            sent < written + AHEAD * threads
          ) {
            load.set(worker, (load.get(worker) ?? 0) + 1);
            const request: DecodeRequest = {
              chunk: sent,
              items: items.slice(chunks[sent].start, chunks[sent].end),
            };
            worker.postMessage(request);
            sent++;
          }
        }
      };
      const receive = (worker: Worker, reply: DecodeReply) => {
        load.set(worker, (load.get(worker) ?? 0) - 1);
        finished.set(reply.chunk, reply);
        for (let next = finished.get(written); next; next = finished.get(written)) {
          finished.delete(written);
          options.onChunk(next.outcomes, next.pixels, chunks[written].start);
          written++;
        }
        if (written === chunks.length) resolve();
        else feed();
      };
      for (const worker of workers) {
        worker.on('message', (reply: DecodeReply) => {
          try {
            receive(worker, reply);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(messageOf(error)));
          }
        });
        worker.on('error', (error) => reject(workerFailed(error)));
        worker.on('exit', (code) => reject(new Error(`A decoding thread ended early with code ${code}.`)));
      }
      const abort = () => reject(options.signal?.reason as Error);
      if (options.signal?.aborted) abort();
      options.signal?.addEventListener('abort', abort, { once: true });
      if (chunks.length === 0) resolve();
      else feed();
    });
  } finally {
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
