/** Unpacks a gzip file to a temporary file, because images inside of it cannot be read at random. */
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError, messageOf } from '../shared/errors';
import { checkUnpackedSize } from './limits';
import type { ListContext } from './source';

const PROGRESS_MILLISECONDS = 200;

/**
 * @param target a new file, of the archive's unpacked size.
 * @throws UserError for a file that is damaged, cut short or a decompression bomb; the abort reason when aborted.
 */
export async function gunzipFile(archive: string, target: string, context: ListContext): Promise<void> {
  const total = statSync(archive).size;
  const input = createReadStream(archive, { highWaterMark: 256 * 1024 });
  let unpacked = 0;
  let reported = 0;
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      unpacked += chunk.length;
      try {
        checkUnpackedSize(archive, unpacked, total, context.limits);
      } catch (error) {
        done(error as Error);
        return;
      }
      if (Date.now() - reported > PROGRESS_MILLISECONDS) {
        reported = Date.now();
        context.onProgress({ stage: 'unpacking', done: input.bytesRead, total, unit: 'bytes' });
      }
      done(null, chunk);
    },
  });
  try {
    await pipeline(input, createGunzip({ chunkSize: 256 * 1024 }), guard, createWriteStream(target), {
      signal: context.signal,
    });
  } catch (error) {
    context.signal?.throwIfAborted();
    throw explain(error, archive);
  }
}

function explain(error: unknown, archive: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'Z_BUF_ERROR') {
    return new UserError(`The archive ${archive} is cut short.`, 'Copy or download it again.');
  }
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return new UserError(
      `The archive ${archive} is damaged: ${messageOf(error)}.`,
      'Copy or download it again.',
    );
  }
  return error;
}
