/**
 * A zip for TensorBoard's projector (projector.tensorflow.org, "Load"): vectors.tsv, a row a vector without a header,
 * and metadata.tsv, with one. https://www.tensorflow.org/tensorboard/tensorboard_projector_plugin
 */
import type { EmbeddedBatch, EmbeddedImage } from './rows';
import { zipChunks } from './zip';

/** The chunks of the file. */
export function projectorChunks(
  batches: AsyncIterable<EmbeddedBatch>,
  images: readonly EmbeddedImage[],
): AsyncGenerator<Uint8Array> {
  return zipChunks([
    { name: 'vectors.tsv', deflate: true, chunks: vectorLines(batches) },
    { name: 'metadata.tsv', deflate: true, chunks: [metadata(images)] },
  ]);
}

async function* vectorLines(batches: AsyncIterable<EmbeddedBatch>): AsyncGenerator<Uint8Array> {
  for await (const { images, embeddings } of batches) {
    const size = embeddings.length / images.length;
    const lines = images.map((_, row) => embeddings.subarray(row * size, (row + 1) * size).join('\t'));
    yield Buffer.from(`${lines.join('\n')}\n`);
  }
}

function metadata(images: readonly EmbeddedImage[]): Uint8Array {
  const lines = images.map(({ name, label, split }) => `${cell(name)}\t${cell(label ?? '')}\t${split}\n`);
  return Buffer.from(`name\tlabel\tsplit\n${lines.join('')}`);
}

/** The format has no quotes: what would end a cell becomes a space. */
const cell = (text: string): string => text.replace(/[\t\r\n]/g, ' ');
