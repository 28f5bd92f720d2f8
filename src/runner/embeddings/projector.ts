/**
 * A zip for TensorBoard's projector (projector.tensorflow.org, "Load"): vectors.tsv, a row a vector without a header,
 * and metadata.tsv, with one. https://www.tensorflow.org/tensorboard/tensorboard_projector_plugin
 */
import { Zip, ZipDeflate } from 'fflate';
import type { EmbeddedBatch } from './rows';

/** The chunks of the file. */
export async function* projectorChunks(batches: AsyncIterable<EmbeddedBatch>): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, chunk) => {
    failure ??= error;
    chunks.push(chunk);
  });
  const take = (): Uint8Array[] => {
    if (failure) throw failure;
    return chunks.splice(0);
  };
  const vectors = new ZipDeflate('vectors.tsv', { level: 6 });
  zip.add(vectors);
  // Files of a zip follow each other: the second one waits, and is small.
  const metadata = ['name\tlabel\tsplit\n'];
  for await (const { images, embeddings } of batches) {
    const size = embeddings.length / images.length;
    const lines = images.map((_, row) => embeddings.subarray(row * size, (row + 1) * size).join('\t'));
    vectors.push(Buffer.from(`${lines.join('\n')}\n`));
    for (const { name, label, split } of images)
      metadata.push(`${cell(name)}\t${cell(label ?? '')}\t${split}\n`);
    yield* take();
  }
  vectors.push(new Uint8Array(), true);
  const last = new ZipDeflate('metadata.tsv', { level: 6 });
  zip.add(last);
  last.push(Buffer.from(metadata.join('')), true);
  zip.end();
  yield* take();
}

/** The format has no quotes: what would end a cell becomes a space. */
const cell = (text: string): string => text.replace(/[\t\r\n]/g, ' ');
