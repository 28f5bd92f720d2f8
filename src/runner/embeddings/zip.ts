/** A zip that is written as its files come. */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

export interface ZippedFile {
  readonly name: string;
  /** Numbers hardly become smaller: left out, they are stored as they are. */
  readonly deflate?: boolean;
  /** Asked for once the file before has ended. */
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** The chunks of the zip. Files of 4 GiB and more do not fit: it is written without the 64-bit extension. */
export async function* zipChunks(files: readonly ZippedFile[]): AsyncGenerator<Uint8Array> {
  const written: Uint8Array[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, chunk) => {
    failure ??= error;
    written.push(chunk);
  });
  const take = (): Uint8Array[] => {
    if (failure) throw failure;
    return written.splice(0);
  };
  for (const { name, deflate, chunks } of files) {
    const file = deflate ? new ZipDeflate(name, { level: 6 }) : new ZipPassThrough(name);
    zip.add(file);
    for await (const chunk of chunks) {
      file.push(chunk);
      yield* take();
    }
    file.push(new Uint8Array(), true);
  }
  zip.end();
  yield* take();
}
