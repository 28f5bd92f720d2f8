/** Embeddings as Parquet: a row an image, the embedding as a list of floats, as DuckDB, pandas and Lance read it. */
import { ByteWriter, ParquetWriter, type ColumnSource, type SchemaElement } from 'hyparquet-writer';
import type { EmbeddedBatch, EmbeddedImage, EmbeddingSource } from './rows';

/** Rows a group: enough for readers to skip by, few enough to hold in memory while they are encoded. */
const GROUP = 4096;

const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 5 },
  { name: 'name', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  { name: 'label', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'class', type: 'INT32', repetition_type: 'OPTIONAL' },
  { name: 'split', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  { name: 'embedding', converted_type: 'LIST', repetition_type: 'REQUIRED', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
];

/** The chunks of the file; `source` becomes its key-value metadata. */
export async function* parquetChunks(
  source: EmbeddingSource,
  batches: AsyncIterable<EmbeddedBatch>,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const kvMetadata = Object.entries(source).map(([key, value]) => ({ key, value: String(value) }));
  const writer = new ParquetWriter({ writer: bytes, schema: SCHEMA, kvMetadata, createdBy: 'selvedge' });
  let images: EmbeddedImage[] = [];
  let embeddings: number[][] = [];
  const writeGroup = () => {
    if (images.length > 0)
      void writer.write({ columnData: columns(images, embeddings), rowGroupSize: GROUP });
    images = [];
    embeddings = [];
    return take(bytes);
  };
  for await (const batch of batches) {
    const d = batch.embeddings.length / batch.images.length;
    images.push(...batch.images);
    for (let row = 0; row < batch.images.length; row++)
      embeddings.push(Array.from(batch.embeddings.subarray(row * d, (row + 1) * d)));
    if (images.length >= GROUP) yield writeGroup();
  }
  yield writeGroup();
  void writer.finish();
  yield take(bytes);
}

function columns(images: readonly EmbeddedImage[], embeddings: number[][]): ColumnSource[] {
  return [
    { name: 'name', data: images.map(({ name }) => name) },
    { name: 'label', data: images.map(({ label }) => label) },
    { name: 'class', data: images.map((image) => image.class) },
    { name: 'split', data: images.map(({ split }) => split) },
    // Floats of an embedding hardly repeat: a dictionary would only cost time.
    { name: 'embedding', data: embeddings, encoding: 'PLAIN', codec: 'UNCOMPRESSED', statistics: false },
  ];
}

/** What was written since the last call; offsets in the file go on. */
function take(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}
