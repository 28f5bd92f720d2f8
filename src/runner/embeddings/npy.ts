/** NumPy's array format, and a JSON file beside it that names the rows. */
import { bytesOf } from '../safetensors';
import type { EmbeddedBatch, EmbeddedImage, EmbeddingSource } from './rows';

/** The chunks of a float32 array [rows, columns] in C order. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export async function* npyChunks(
  rows: number,
  columns: number,
  batches: AsyncIterable<EmbeddedBatch>,
): AsyncGenerator<Uint8Array> {
  yield npyHeader(rows, columns);
  for await (const { embeddings } of batches) yield bytesOf(embeddings);
}

/** Version 1.0: the header fills a multiple of 64 bytes and ends with a newline. */
function npyHeader(rows: number, columns: number): Uint8Array {
  const fields = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const length = Math.ceil((10 + fields.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10 + length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(fields, 10, 'latin1');
  header.write('\n', header.length - 1, 'latin1');
  return header;
}

/** The path of the file that names the rows of the array at `path`. */
export const namesPath = (path: string) => `${path.replace(/\.npy$/i, '')}.json`;

/** One entry a row, in the order of the rows. */
export function namesJson(source: EmbeddingSource, images: readonly EmbeddedImage[]): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      ...source,
      names: images.map(({ name }) => name),
      labels: images.map(({ label }) => label),
      classes: images.map((image) => image.class),
      splits: images.map(({ split }) => split),
    }),
  );
}
