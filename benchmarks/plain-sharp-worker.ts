/** The peer of the decoding benchmark: sharp alone, doing the same decode and resize from bytes in memory. */
import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';

/** All files in one shared buffer; this worker takes every `threads`-th one from `first` on. */
export interface PlainSharpWork {
  bytes: SharedArrayBuffer;
  spans: { offset: number; length: number }[];
  first: number;
  threads: number;
  imageSize: number;
}

const { bytes, spans, first, threads, imageSize } = workerData as PlainSharpWork;
sharp.concurrency(1);
sharp.cache(false);
let next = first;
const loop = async () => {
  while (next < spans.length) {
    const { offset, length } = spans[next];
    next += threads;
    await sharp(Buffer.from(bytes, offset, length), { failOn: 'error', autoOrient: true })
      .resize(imageSize, imageSize, { fit: 'cover', position: 'centre' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
  }
};
// Two in flight, as a decode worker has.
await Promise.all([loop(), loop()]);
parentPort?.postMessage('done');
